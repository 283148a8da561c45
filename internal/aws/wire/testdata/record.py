"""record.py WHAT URL: one request by boto3, for record_test.go."""
import datetime, sys, urllib.request
import boto3
from botocore import UNSIGNED
from botocore.config import Config

what, url = sys.argv[1:3]


def client(service, **config):
    return boto3.client(service, endpoint_url=url, verify=False, config=Config(retries={"total_max_attempts": 1}, **config))


class Stream:
    """A body that can be read once."""

    def __init__(self, text):
        self.text = text

    def read(self, n=-1):
        n = len(self.text) if n is None or n < 0 else n
        out, self.text = self.text[:n], self.text[n:]
        return out


def fetch(url, method="GET", data=None, headers={}):
    urllib.request.urlopen(urllib.request.Request(url, data=data, method=method, headers=headers), timeout=5).read()


acts = {
    "json11-ssm-PutParameter": lambda: client("ssm").put_parameter(Name="/recorded/boto", Value="v\u0000\u00e9", Type="String", Tags=[{"Key": "k", "Value": ""}]),
    "query-sts-GetCallerIdentity": lambda: client("sts").get_caller_identity(),
    "json10-cloudwatch-PutMetricData-gzip": lambda: client("cloudwatch").put_metric_data(
        Namespace="recorded",
        MetricData=[{"MetricName": "m%d" % (i % 3), "Value": 0.5, "Timestamp": datetime.datetime.fromtimestamp(1790000000, datetime.timezone.utc)} for i in range(200)]),
    "restxml-s3-HeadObject": lambda: client("s3").head_object(Bucket="recorded", Key="k", VersionId="null"),
    "restxml-s3-PutObject-stream": lambda: client("s3").put_object(Bucket="recorded", Key="stream", Body=Stream(b"recorded in chunks"), ContentLength=18),
    "presigned-s3-GetObject": lambda: fetch(client("s3", signature_version="s3v4").generate_presigned_url("get_object", Params={"Bucket": "recorded", "Key": "a b"}, ExpiresIn=60)),
    "presigned-s3-PutObject": lambda: fetch(client("s3", signature_version="s3v4").generate_presigned_url("put_object", Params={"Bucket": "recorded", "Key": "p", "ContentType": "text/plain"}, ExpiresIn=60), "PUT", b"by hand", {"Content-Type": "text/plain"}),
    "presigned-sts-GetCallerIdentity": lambda: fetch(client("sts").generate_presigned_url("get_caller_identity", ExpiresIn=60, HttpMethod="GET")),
    "anonymous-s3-GetObject": lambda: client("s3", signature_version=UNSIGNED).get_object(Bucket="recorded", Key="k"),
}
if what not in acts:
    raise SystemExit("Error: unknown " + what)
acts[what]()
