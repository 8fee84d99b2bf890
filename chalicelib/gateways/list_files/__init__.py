"""
Tables as clerks send and get them: CSV and XLSX, read with suspicion, written so that no cell is ever a formula.
"""
