import pytest


class TestPages:
    def test_serves_files_and_the_entry_page_for_routed_addresses(self, http):
        """
        `/`, `/board/…` and `/officer…` are the application's; hashed files are kept for good, the entry page is asked again.
        """
        for address in ("/", "/board/nur-zholy", "/officer", "/officer/live/nur-zholy"):
            answer = http.get(address)
            assert (200, True) == (answer.status_code, "entry" in answer.text), address
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        script = http.get("/assets/app-1a2b.js")
        assert "immutable" in script.headers["cache-control"]
        assert "javascript" in script.headers["content-type"]
        assert 304 == http.get("/", headers={"If-None-Match": http.get("/").headers["etag"]}).status_code

    def test_lets_the_payers_page_alone_run_the_providers_script(self, http):
        """
        Every other page runs its own scripts only.
        """
        policies = [http.get(address).headers["content-security-policy"] for address in ("/pay/AAAAAAAAAAAAAAAAAAAAAA", "/", "/officer")]

        assert [True, False, False] == ["script-src" in policy for policy in policies]
        assert all("default-src 'self'" in policy for policy in policies)

    @pytest.mark.parametrize(
        "path", ["/../secret.txt", "/assets/..%2f..%2fsecret.txt", "/%2e%2e/secret.txt", "/assets/%00", "/..%5csecret.txt"]
    )
    def test_leaves_its_folder_for_nobody(self, http, path):
        """
        No spelling of a path reaches a file beside the built pages.
        """
        answer = http.get(path)

        assert 404 == answer.status_code
        assert "secret" not in answer.text

    def test_keeps_unknown_addresses_unknown(self, http):
        """
        A mistyped address is 404 and not the application.
        """
        assert [404, 404, 405] == [http.get("/nothing").status_code, http.get("/v2/x").status_code, http.post("/board/x").status_code]
