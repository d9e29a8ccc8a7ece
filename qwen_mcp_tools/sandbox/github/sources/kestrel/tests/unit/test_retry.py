from kestrel.retry import Backoff


def test_the_wait_doubles():
    backoff = Backoff(first=1, jitter=0)

    assert [backoff.wait(attempt) for attempt in (1, 2, 3)] == [1, 2, 4]


def test_the_wait_has_a_limit():
    assert Backoff(first=1, limit=5, jitter=0).wait(20) == 5
