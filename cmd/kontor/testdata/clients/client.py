"""Sells, changes and cancels a license with zeep, and says what it got; clients_test.go has what is said.

Usage: client.py WSDL-URL FAILING-URL 1.1|1.2 basic|text|digest|signed NAME SECRET REQUEST-ID
Who signs names the files of his certificate and its key as NAME and SECRET.
"""
import datetime
import sys

import requests
import zeep
from zeep.wsse import utils
from zeep.wsse.signature import BinarySignature
from zeep.wsse.username import UsernameToken

wsdl, failing, version, auth, name, secret, request_id = sys.argv[1:]


class Signed:
    """Signs Body and a fresh Timestamp by X.509, and sends the certificate along."""

    def __init__(self, certificate, key):
        import xmlsec

        self.signature = BinarySignature(
            key, certificate, signature_method=xmlsec.constants.TransformEcdsaSha256, digest_method=xmlsec.constants.TransformSha256
        )

    def apply(self, envelope, headers):
        now = datetime.datetime.now(datetime.timezone.utc)
        stamp = utils.WSU.Timestamp()
        stamp.append(utils.WSU.Created(now.strftime("%Y-%m-%dT%H:%M:%SZ")))
        stamp.append(utils.WSU.Expires((now + datetime.timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")))
        utils.get_security_header(envelope).append(stamp)
        return self.signature.apply(envelope, headers)

    def verify(self, envelope):
        pass


def service(secret, location=None):
    session = requests.Session()
    wsse = None
    if auth == "basic":
        session.auth = (name, secret)
    elif auth == "signed":
        wsse = Signed(name, secret)
    else:
        wsse = UsernameToken(name, secret, use_digest=auth == "digest")
    client = zeep.Client(wsdl, wsse=wsse, transport=zeep.Transport(session=session))
    if location:
        return client.create_service("{urn:kontor:license:v1}LicenseBinding", location)
    return client.service


def say(*words):
    print(*({True: "true", False: "false"}[w] if isinstance(w, bool) else w for w in words), sep="\t")


def fault(call):
    try:
        call()
        say("no fault")
    except zeep.exceptions.Fault as e:
        detail = e.detail.find(".//{urn:kontor:license:v1}fault")
        say("fault", *(detail.findtext("{urn:kontor:license:v1}" + part) or "" for part in ("code", "field")))


def seats(license):
    return license.parameters.parameter[0].value


kontor = service(secret)
request = dict(
    requestId=request_id,
    group="northwind",
    category="partner",
    product="AUR-SUITE",
    quantity=2,
    customer={"name": "Zoë <Müller> & Söhne", "country": "DE"},
    parameters={"parameter": [{"name": "seats", "value": "5"}]},
    test=True,
)
created = kontor.CreateLicense(**request)
license = created.licenses.license[0]
say("create", created.orderNumber, created.replayed, license.ticket, license.quantity, license.customer.name)
again = kontor.CreateLicense(**request)
say("replay", again.orderNumber, again.replayed, again.licenses.license[0].ticket)

modified = kontor.ModifyLicense(
    requestId=request_id + "-modify",
    ticket=license.ticket,
    customer={"name": "Søren & Åse"},
    parameters={"parameter": [{"name": "seats", "value": "8"}]},
)
say("modify", modified.replayed, modified.license.customer.name, seats(modified.license))
read = kontor.GetLicense(ticket=license.ticket)
say("read", read.ticket, read.state, seats(read), read.customer.name, read.test)
order = kontor.GetOrder(orderNumber=created.orderNumber)
say("order", order.orderNumber, order.group, order.licenses.license[0].ticket)

cancel = dict(requestId=request_id + "-cancel", ticket=license.ticket, reason="sold <out>", ifLate="refuse")
for step in "cancel", "cancel again":
    cancelled = kontor.CancelSubscription(**cancel)
    say(step, cancelled.subscription.state, cancelled.receipt.inTime, cancelled.replayed)
reported = kontor.ReportDocument(
    requestId=request_id + "-report", orderNumber=created.orderNumber, connector="ledger", state="accepted", number="L-1"
)
for document in reported.order.documents.document:
    if document.connector == "ledger":
        say("report", document.state, document.number, reported.replayed)

whole = dict(
    requestId=request_id + "-whole",
    group="northwind",
    customer={"name": "Grace Hopper"},
    lines={
        "line": [
            dict(
                externalLine="10",
                category="partner",
                product="AUR-SUITE",
                quantity=3,
                parameters={"parameter": [{"name": "seats", "value": "5"}]},
            ),
            dict(externalLine="20", category="partner", product="AUR-DESIGN-DEMO"),
        ]
    },
)
for step in "whole order", "whole order again":
    sent = kontor.CreateOrder(**whole)
    say(step, sent.replayed)
    for line in sent.order.lines.line:
        say("line", line.externalLine, line.product, line.quantity, len(line.tickets.ticket))


def another(**change):
    fault(lambda: kontor.CreateLicense(**{**request, "requestId": request_id + "-fault", **change}))


another(parameters={"parameter": [{"name": "seats", "value": "5000"}]})
another(quantity=0)
another(product="NOTHING")
fault(lambda: kontor.GetLicense(ticket="23456-789AB-CDEFG-HJKLM-NPQRH"))
another(requestId=request_id, quantity=3)
fault(lambda: kontor.CancelSubscription(**{**cancel, "requestId": request_id + "-fault"}))
whole["lines"]["line"][1]["product"] = "NOTHING"
fault(lambda: kontor.CreateOrder(**{**whole, "requestId": request_id + "-fault"}))
another(customer={"name": "x" * 1100000})
wrong = name.replace("cert.pem", "strange.pem") if auth == "signed" else "wrong"
fault(lambda: service(wrong).GetLicense(ticket=license.ticket))
for code in "exhausted", "unavailable", "internal":
    fault(lambda: service(secret, failing).GetLicense(ticket=code))
