"""
Photographs and the copies that cases hold: on S3 as this machine has it, and without a bucket, by one suite (§10, D31).
"""

import boto3
import pytest
import requests
from botocore.config import Config

from chalicelib.gateways.photos import DECIDED, HELD, PASSED, S3Photos
from chalicelib.usecases.ports import NobodyThereError, Shot
from local.ministack import account
from tests.fakes.photos import PhotoShelf

ONE, OTHER = Shot("nur-zholy", "ab" * 32), Shot("dostyk", "cd" * 32)
NOBODY = Config(retries={"total_max_attempts": 1}, connect_timeout=1, read_timeout=1)


class Bucket:
    """
    S3 with a bucket of photographs.
    """

    def __init__(self, engine, cloud):
        self.s3, self.name = account.client("s3", endpoint=engine.endpoint), cloud.photos
        self.photos = S3Photos(client=self.s3, bucket=cloud.photos)
        for key in self.keys(""):
            self.s3.delete_object(Bucket=self.name, Key=key)

    def put(self, shot):
        """
        Put one as gateways do, by the link that is signed for them.
        """
        url = self.photos.upload_link(checkpoint=shot.checkpoint, sha256=shot.sha256, size=2)
        assert 200 == requests.put(url, data=b"\xff\xd8", headers={"Content-Type": "image/jpeg"}, timeout=5).status_code

    def keys(self, prefix):
        """
        List what lies there.
        """
        found = self.s3.list_objects_v2(Bucket=self.name, Prefix=prefix).get("Contents", ())
        return [item["Key"] for item in found]

    def forget(self):
        """
        Let the photographs' term be over.
        """
        for key in self.keys(PASSED):
            self.s3.delete_object(Bucket=self.name, Key=key)


class Shelf:
    """
    The same without one.
    """

    def __init__(self):
        self.photos = PhotoShelf()

    def put(self, shot):
        """
        Put one.
        """
        self.photos.kept.add(shot.sha256)

    def forget(self):
        """
        Let the photographs' term be over.
        """
        self.photos.kept.clear()


@pytest.fixture(params=["bucket", "shelf"])
def house(request):
    """
    A house of photographs, with nothing in it.
    """
    if request.param == "shelf":
        return Shelf()
    return Bucket(request.getfixturevalue("engine"), request.getfixturevalue("cloud"))


@pytest.mark.rule("10", "D31")
class TestPhotos:
    def test_holds_what_there_is(self, house):
        """
        One that was never sent up cannot be held: it is said so, and held once it is there; once more holds nothing twice.
        """
        assert not house.photos.hold(case="cmp_1", shot=ONE)
        house.put(ONE)

        assert house.photos.has(checkpoint=ONE.checkpoint, sha256=ONE.sha256)
        assert [True, True] == [house.photos.hold(case="cmp_1", shot=ONE) for _ in range(2)]
        assert {ONE} == set(house.photos.copies(case="cmp_1"))
        assert {} == house.photos.copies(case="cmp_10")

    def test_keeps_copies_beyond_the_originals(self, house):
        """
        While the case is open, and after it: with the originals gone what is held stays, each case's for itself.
        """
        for shot in (ONE, OTHER):
            house.put(shot)
            house.photos.hold(case="cmp_1", shot=shot)
        house.photos.hold(case="cmp_2", shot=ONE)
        house.forget()
        house.photos.release(case="cmp_1")

        assert ({ONE, OTHER}, {ONE}) == (set(house.photos.copies(case="cmp_1")), set(house.photos.copies(case="cmp_2")))
        assert not house.photos.has(checkpoint=ONE.checkpoint, sha256=ONE.sha256)

    def test_releases_once(self, house):
        """
        Twice is as good as once, and what is released is not held anew.
        """
        house.put(ONE)
        house.photos.hold(case="cmp_1", shot=ONE)
        for _ in range(2):
            house.photos.release(case="cmp_1")
        before = house.photos.copies(case="cmp_1").keys()

        assert house.photos.hold(case="cmp_1", shot=ONE)
        assert before == house.photos.copies(case="cmp_1").keys() == {ONE}


@pytest.mark.rule("10", "D31")
class TestBucket:
    @pytest.fixture
    def bucket(self, engine, cloud):
        """
        S3's alone.
        """
        return Bucket(engine, cloud)

    def test_lays_copies_where_the_right_rule_finds_them(self, bucket):
        """
        Held: where nothing expires; decided: where the term after the decision runs; never both.
        """
        bucket.put(ONE)
        bucket.photos.hold(case="cmp_1", shot=ONE)
        assert ([f"{HELD}cmp_1/nur-zholy/ab/{ONE.sha256}.jpg"], []) == (bucket.keys(HELD), bucket.keys(DECIDED))

        bucket.photos.release(case="cmp_1")
        assert ([], [f"{DECIDED}cmp_1/nur-zholy/ab/{ONE.sha256}.jpg"]) == (bucket.keys(HELD), bucket.keys(DECIDED))

    def test_signs_links_that_open_the_copies(self, bucket):
        """
        The picture itself, behind the link.
        """
        bucket.put(ONE)
        bucket.photos.hold(case="cmp_1", shot=ONE)
        bucket.forget()

        assert b"\xff\xd8" == requests.get(bucket.photos.copies(case="cmp_1")[ONE], timeout=5).content
        assert 404 == requests.get(bucket.photos.link(checkpoint=ONE.checkpoint, sha256=ONE.sha256), timeout=5).status_code

    def test_says_that_nobody_is_there(self, cloud):
        """
        A storage that does not answer is no answer: whoever waits for it waits on.
        """
        keys = {"aws_access_key_id": account.ACCESS_KEY, "aws_secret_access_key": account.SECRET_KEY, "region_name": account.REGION}
        silent = S3Photos(client=boto3.client("s3", endpoint_url="http://127.0.0.1:9", config=NOBODY, **keys), bucket=cloud.photos)

        for call in (lambda: silent.hold(case="c", shot=ONE), lambda: silent.release(case="c"), lambda: silent.copies(case="c")):
            with pytest.raises(NobodyThereError):
                call()
