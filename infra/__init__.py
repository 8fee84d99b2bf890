"""
The cloud as code. The CDK's own runtime complains of every Node.js that is not the newest; what it runs on is ours to choose.
"""

import os

os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "18,20,21,23")
