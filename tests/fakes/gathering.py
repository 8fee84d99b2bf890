"""
Threads that do their acts at once.
"""

import threading


class Gathering:
    """
    Threads that act from one moment on; an error of one is raised here.
    """

    def __init__(self, *acts):
        self._barrier = threading.Barrier(len(acts))
        self._acts = acts
        self.answers = [None] * len(acts)

    def run(self):
        """
        Run all, give their answers.
        """
        threads = [threading.Thread(target=self._one, args=(number, act)) for number, act in enumerate(self._acts)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        failed = next((answer for answer in self.answers if isinstance(answer, BaseException)), None)
        if failed is not None:
            raise failed
        return self.answers

    def _one(self, number, act):
        self._barrier.wait()
        try:
            self.answers[number] = act()
        except BaseException as error:  # handed to the caller's thread
            self.answers[number] = error


def at_once(*acts):
    """
    Run acts in threads from one moment on; give their answers.
    """
    return Gathering(*acts).run()
