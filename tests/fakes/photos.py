"""
The photographs' storage of the use cases, without a bucket.
"""

from chalicelib.usecases.ports import NobodyThereError


class PhotoShelf:
    """
    The port `Photos` without a bucket.
    """

    def __init__(self):
        self.kept = set()
        self.held, self.decided = {}, {}
        self.away = False

    def _answer(self):
        if self.away:
            raise NobodyThereError

    def has(self, *, checkpoint, sha256):
        """
        Tell whether it is kept.
        """
        return sha256 in self.kept

    def upload_link(self, *, checkpoint, sha256, size):
        """
        Sign a link to put it.
        """
        return f"put:{checkpoint}/{sha256}"

    def link(self, *, checkpoint, sha256):
        """
        Sign a link to see it.
        """
        return f"get:{checkpoint}/{sha256}"

    def hold(self, *, case, shot):
        """
        Copy what is kept, once.
        """
        self._answer()
        if shot in self.decided.get(case, ()) or shot in self.held.get(case, ()):
            return True
        if shot.sha256 in self.kept:
            self.held.setdefault(case, set()).add(shot)
        return shot.sha256 in self.kept

    def release(self, *, case):
        """
        Leave the copies to the term after the decision.
        """
        self._answer()
        moved = self.held.pop(case, set())
        if moved:
            self.decided.setdefault(case, set()).update(moved)

    def copies(self, *, case):
        """
        Sign a link to each copy.
        """
        self._answer()
        found = {"decided": self.decided.get(case, ()), "held": self.held.get(case, ())}
        return {shot: f"get:{where}/{case}/{shot.checkpoint}/{shot.sha256}" for where, shots in found.items() for shot in shots}
