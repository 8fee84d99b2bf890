"""
The double's web element: where Stripe has its script, with the calls that pages make.
"""

import httpx


class TestElement:
    def test_is_a_script_that_anybody_may_load(self, double):
        """
        At `/v3/`, as JavaScript, without a key; nothing else is there.
        """
        answer = httpx.get(f"{double.base_url}/v3/", trust_env=False)

        assert (200, "text/javascript; charset=utf-8") == (answer.status_code, answer.headers["content-type"])
        assert "window.Stripe" in answer.text
        assert [404, 404] == [
            httpx.post(f"{double.base_url}/v3/", trust_env=False).status_code,
            httpx.get(f"{double.base_url}/v3/x", trust_env=False).status_code,
        ]
