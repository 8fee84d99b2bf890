"""
Something that happens in the middle of a use case: between two of its calls to a port.
"""


class Interrupted:
    """
    A port whose named call lets `deed` happen first (or, `afterwards`, after it was answered), the first time it is made.
    """

    def __init__(self, port, call, deed, *, afterwards=False):
        self._port = port
        self._call = call
        self._deed = deed
        self._afterwards = afterwards

    def __getattr__(self, name):
        made = getattr(self._port, name)
        if name != self._call:
            return made

        def interrupted(*args, **named):
            deed, self._deed = self._deed, None
            if deed is not None and not self._afterwards:
                deed()
            answer = made(*args, **named)
            if deed is not None and self._afterwards:
                deed()
            return answer

        return interrupted
