import subprocess
import sys


class TestImport:
    def test_does_not_load_the_http_client(self):
        """
        A handler that asks no register does not pay for httpx.
        """
        code = "import sys, chalicelib.gateways.registries, chalicelib.gateways.push; sys.exit('httpx' in sys.modules)"

        assert 0 == subprocess.run([sys.executable, "-c", code], check=False).returncode
