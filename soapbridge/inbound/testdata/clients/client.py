"""Calls every operation with zeep, and says on standard output, in JSON, what it got.

Usage: client.py WSDL-URL basic|text|digest|signed|signed-binary NAME SECRET GROUP CATEGORY PRODUCT PARAMETERS REQUEST-ID
Who signs names the files of his certificate and its key as NAME and SECRET. GROUP may be empty. PARAMETERS is a query string: seats=5&edition=pro
"""
import datetime
import json
import sys
import urllib.parse

import requests
import zeep
from zeep.wsse import utils
from zeep.wsse.signature import BinarySignature, Signature
from zeep.wsse.username import UsernameToken

wsdl, auth, name, secret, group, category, product, parameters, request_id = sys.argv[1:]


def timestamp():
    now = datetime.datetime.now(datetime.timezone.utc)
    stamp = utils.WSU.Timestamp()
    stamp.append(utils.WSU.Created(now.strftime("%Y-%m-%dT%H:%M:%SZ")))
    stamp.append(utils.WSU.Expires((now + datetime.timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")))
    return stamp


class Token(UsernameToken):
    """A UsernameToken with a fresh Timestamp, which also looks for the one in the answer."""

    def apply(self, envelope, headers):
        self.timestamp_token = timestamp()
        return super().apply(envelope, headers)

    def verify(self, envelope):
        if envelope.find(".//{%s}Timestamp" % zeep.ns.WSU) is None:
            raise AssertionError("the answer has no Timestamp")


class Signed:
    """Signs Body and a fresh Timestamp by X.509; the certificate goes along inside the signature or beside it."""

    def __init__(self, binary, certificate, key):
        import xmlsec

        kind = BinarySignature if binary else Signature
        self.signature = kind(
            key, certificate, signature_method=xmlsec.constants.TransformRsaSha256, digest_method=xmlsec.constants.TransformSha256
        )

    def apply(self, envelope, headers):
        utils.get_security_header(envelope).append(timestamp())
        return self.signature.apply(envelope, headers)

    def verify(self, envelope):
        if envelope.find(".//{%s}Timestamp" % zeep.ns.WSU) is None:
            raise AssertionError("the answer has no Timestamp")


session = requests.Session()
wsse = None
if auth == "basic":
    session.auth = (name, secret)
elif auth.startswith("signed"):
    wsse = Signed(auth == "signed-binary", name, secret)
else:
    wsse = Token(name, secret, use_digest=auth == "digest")
client = zeep.Client(wsdl, wsse=wsse, transport=zeep.Transport(session=session))

request = dict(
    requestId=request_id,
    category=category,
    product=product,
    quantity=2,
    customer={"name": "Zoë <Müller> & Söhne", "country": "DE"},
    test=True,
)
if group:
    request["group"] = group
if parameters:
    request["parameters"] = {"parameter": [{"name": n, "value": v} for n, v in urllib.parse.parse_qsl(parameters)]}

created = client.service.CreateLicense(**request)
again = client.service.CreateLicense(**request)
license = created.licenses.license[0]
read = client.service.GetLicense(ticket=license.ticket)
order = client.service.GetOrder(orderNumber=created.orderNumber)
offers = client.service.ListOffers()

# What follows changes the license that was created.
found = client.service.FindLicenses(
    category=category, state="active", changedSince=datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc), pageSize=1
)


def change(step):
    return dict(requestId=request_id + "-" + step, ticket=license.ticket)


modified = client.service.ModifyLicense(**change("modify"), customer={"name": "Søren & Åse"})
suspended = client.service.SuspendLicense(**change("suspend"), reason="unpaid")
reinstated = client.service.ReinstateLicense(**change("reinstate"), reason="paid")
cancel = dict(change("cancel"), reason="sold <out>", ifLate="refuse")
cancelled = client.service.CancelSubscription(**cancel)
cancelled_again = client.service.CancelSubscription(**cancel)
withdrawn = client.service.WithdrawCancellation(**change("withdraw"))
subscription = client.service.GetSubscription(ticket=license.ticket)
revoked = client.service.RevokeLicense(**change("revoke"), reason="returned")
revoked_again = client.service.RevokeLicense(**change("revoke"), reason="returned")

changes = client.service.ListChanges(pageSize=500)
nothing = client.service.ListChanges(cursor=changes.nextCursor)

fault = None
try:
    client.service.GetOrder(orderNumber="K00-0")
except zeep.exceptions.Fault as e:
    detail = e.detail.find(".//{urn:kontor:license:v1}fault")
    fault = {part: detail.find("{urn:kontor:license:v1}" + part).text for part in ("code", "field")}

json.dump(
    {
        "orderNumber": created.orderNumber,
        "replayed": [created.replayed, again.replayed],
        "tickets": [license.ticket, again.licenses.license[0].ticket, read.ticket, order.licenses.license[0].ticket],
        "quantity": license.quantity,
        "customer": license.customer.name,
        "products": [offer.product for offer in offers[0].offers.offer],
        "found": len(found.licenses.license),
        "modified": modified.license.customer.name,
        "states": [suspended.license.state, reinstated.license.state, revoked.license.state],
        "subscriptions": [cancelled.subscription.state, withdrawn.subscription.state, subscription.state],
        "receipt": [
            cancelled.receipt.inTime,
            cancelled_again.replayed,
            json.loads(cancelled.receipt.document)["receipt"]["number"] == cancelled.receipt.number,
            cancelled.receipt.document == cancelled_again.receipt.document,
        ],
        "kinds": [change.kind for change in changes.changes.change][:2],
        "changed": [changes.changes.change[1].ticket == license.ticket, not (nothing.changes and nothing.changes.change)],
        "revokedAgain": revoked_again.replayed,
        "fault": fault,
    },
    sys.stdout,
)
