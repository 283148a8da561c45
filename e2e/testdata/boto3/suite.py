"""boto3 against a plane: run with AWS_ENDPOINT_URL and the administrator's key.

Prints a line for each test and exits 1 when one failed, or none ran.
"""

import os
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))


class Plain(unittest.TextTestResult):
    """Prints one line a test."""

    def startTest(self, test):
        unittest.TestResult.startTest(self, test)
        self.began = time.monotonic()

    def addSuccess(self, test):
        print(f"ok     {time.monotonic() - self.began:4.1f} s", test.id(), flush=True)

    def addError(self, test, err):
        unittest.TestResult.addError(self, test, err)
        print("ERROR ", test.id(), "\n" + self._exc_info_to_string(err, test), flush=True)

    def addFailure(self, test, err):
        unittest.TestResult.addFailure(self, test, err)
        print("FAILED", test.id(), "\n" + self._exc_info_to_string(err, test), flush=True)

    def addSubTest(self, test, subtest, err):
        unittest.TestResult.addSubTest(self, test, subtest, err)
        if err is not None:
            print("FAILED", subtest.id(), "\n" + self._exc_info_to_string(err, test), flush=True)

    def printErrors(self):
        """They have been printed."""

    def addSkip(self, test, reason):
        self.addFailure(test, (AssertionError, AssertionError("skipped: " + reason), None))


def main():
    import boto3

    here = os.path.dirname(os.path.abspath(__file__))
    pattern = sys.argv[1] if len(sys.argv) > 1 else "test_*.py"
    tests = unittest.defaultTestLoader.discover(here, pattern=pattern)
    result = unittest.TextTestRunner(stream=sys.stdout, resultclass=Plain, verbosity=0).run(tests)
    print(f"boto3 {boto3.__version__}: {result.testsRun} tests")
    return 0 if result.wasSuccessful() and result.testsRun else 1


if __name__ == "__main__":
    sys.exit(main())
