// Sells, changes and cancels a license with what gSOAP makes of the WSDL, and says what it got; clients_test.go has what is said.
//
// Usage: client WSDL-URL FAILING-URL 1.1|1.2 basic NAME SECRET REQUEST-ID
#include "LicenseBinding.nsmap"
#include "soapLicenseBindingProxy.h"

#include <iostream>
#include <string>

static std::string endpoint, name;
static bool soap12;

// Kontor is a proxy with credentials.
struct Kontor : LicenseBindingProxy {
    std::string url, secret;

    Kontor(const std::string &url, const std::string &secret) : LicenseBindingProxy(SOAP_C_UTFSTRING), url(url), secret(secret) {
        soap_endpoint = this->url.c_str();
        soap_set_version(soap, soap12 ? 2 : 1);
    }

    // before gives the credentials for the next call, which gSOAP forgets after each.
    Kontor &before() {
        soap->userid = ::name.c_str();
        soap->passwd = secret.c_str();
        return *this;
    }

    int must(int status) {
        if (status != SOAP_OK) {
            soap_stream_fault(std::cerr);
            exit(1);
        }
        return status;
    }

    void fault(int status) {
        SOAP_ENV__Fault *f = status == SOAP_OK ? NULL : soap_fault();
        SOAP_ENV__Detail *detail = f == NULL ? NULL : f->SOAP_ENV__Detail != NULL ? f->SOAP_ENV__Detail : f->detail;
        if (detail == NULL || detail->ns1__fault == NULL) {
            std::cout << "no fault" << std::endl;
            if (f != NULL) {
                soap_stream_fault(std::cerr);
            }
            return;
        }
        ns1__FaultDetail *d = detail->ns1__fault;
        std::cout << "fault\t" << d->code << "\t" << (d->field == NULL ? "" : *d->field) << std::endl;
    }
};

static ns1__Parameters *seats(struct soap *soap, const std::string &n) {
    ns1__Parameters *all = soap_new_ns1__Parameters(soap);
    all->parameter.push_back(soap_new_req_ns1__Parameter(soap, "seats", n));
    return all;
}

static std::string seats(ns1__License *license) { return license->parameters->parameter[0]->value; }

static const char *truth(bool b) { return b ? "true" : "false"; }

static _ns1__CreateLicense *request(struct soap *soap, const std::string &id) {
    _ns1__CreateLicense *r = soap_new_req__ns1__CreateLicense(soap, id, "partner", "AUR-SUITE", soap_new_req_ns1__Customer(soap, "Zoë <Müller> & Söhne"));
    r->group = soap_new_std__string(soap);
    *r->group = "northwind";
    r->quantity = (int *)soap_malloc(soap, sizeof(int));
    *r->quantity = 2;
    r->customer->country = soap_new_std__string(soap);
    *r->customer->country = "DE";
    r->parameters = seats(soap, "5");
    r->test = (bool *)soap_malloc(soap, sizeof(bool));
    *r->test = true;
    return r;
}

static _ns1__CreateOrder *whole(struct soap *soap, const std::string &id, const std::string &second) {
    ns1__NewLines *lines = soap_new_ns1__NewLines(soap);
    lines->line.push_back(soap_new_req_ns1__NewLine(soap, "10", "partner", "AUR-SUITE"));
    lines->line.push_back(soap_new_req_ns1__NewLine(soap, "20", "partner", second));
    lines->line[0]->quantity = (int *)soap_malloc(soap, sizeof(int));
    *lines->line[0]->quantity = 3;
    lines->line[0]->parameters = seats(soap, "5");
    _ns1__CreateOrder *r = soap_new_req__ns1__CreateOrder(soap, id, soap_new_req_ns1__Customer(soap, "Grace Hopper"), lines);
    r->group = soap_new_std__string(soap);
    *r->group = "northwind";
    return r;
}

int main(int, char **args) {
    endpoint = args[1];
    endpoint = endpoint.substr(0, endpoint.find('?'));
    std::string failing = args[2], secret = args[6], id = args[7];
    soap12 = std::string(args[3]) == "1.2";
    name = args[5];
    Kontor kontor(endpoint, secret);
    struct soap *soap = kontor.soap;

    _ns1__CreateLicenseResponse created, again;
    kontor.must(kontor.before().CreateLicense(request(soap, id), created));
    ns1__License *license = created.licenses->license[0];
    std::string ticket = license->ticket;
    std::cout << "create\t" << created.orderNumber << "\t" << truth(created.replayed) << "\t" << ticket << "\t" << license->quantity << "\t" << license->customer->name << std::endl;
    kontor.must(kontor.before().CreateLicense(request(soap, id), again));
    std::cout << "replay\t" << again.orderNumber << "\t" << truth(again.replayed) << "\t" << again.licenses->license[0]->ticket << std::endl;

    _ns1__ModifyLicense *modify = soap_new_req__ns1__ModifyLicense(soap, id + "-modify", ticket);
    modify->customer = soap_new_req_ns1__Customer(soap, "Søren & Åse");
    modify->parameters = seats(soap, "8");
    _ns1__ModifyLicenseResponse modified;
    kontor.must(kontor.before().ModifyLicense(modify, modified));
    std::cout << "modify\t" << truth(modified.replayed) << "\t" << modified.license->customer->name << "\t" << seats(modified.license) << std::endl;
    _ns1__GetLicenseResponse read;
    kontor.must(kontor.before().GetLicense(soap_new_req__ns1__GetLicense(soap, ticket), read));
    std::cout << "read\t" << read.license->ticket << "\t" << soap_ns1__LicenseState2s(soap, read.license->state) << "\t" << seats(read.license) << "\t" << read.license->customer->name << "\t" << truth(read.license->test && *read.license->test) << std::endl;
    _ns1__GetOrderResponse order;
    kontor.must(kontor.before().GetOrder(soap_new_req__ns1__GetOrder(soap, created.orderNumber), order));
    std::cout << "order\t" << order.order->orderNumber << "\t" << order.order->group << "\t" << order.order->licenses->license[0]->ticket << std::endl;

    _ns1__CancelSubscription *cancel = soap_new_req__ns1__CancelSubscription(soap, id + "-cancel", ticket);
    cancel->reason = soap_new_std__string(soap);
    *cancel->reason = "sold <out>";
    cancel->ifLate = (enum ns1__IfLate *)soap_malloc(soap, sizeof(enum ns1__IfLate));
    *cancel->ifLate = ns1__IfLate__refuse;
    for (const char *step : {"cancel", "cancel again"}) {
        _ns1__CancelSubscriptionResponse cancelled;
        kontor.must(kontor.before().CancelSubscription(cancel, cancelled));
        std::cout << step << "\t" << soap_ns1__SubscriptionState2s(soap, cancelled.subscription->state) << "\t" << truth(cancelled.receipt->inTime) << "\t" << truth(cancelled.replayed) << std::endl;
    }
    _ns1__ReportDocument *report = soap_new_req__ns1__ReportDocument(soap, id + "-report", created.orderNumber, "ledger", ns1__ReportedState__accepted);
    report->number = soap_new_std__string(soap);
    *report->number = "L-1";
    _ns1__ReportDocumentResponse reported;
    kontor.must(kontor.before().ReportDocument(report, reported));
    for (ns1__Document *document : reported.order->documents->document) {
        if (document->connector == "ledger") {
            std::cout << "report\t" << soap_ns1__DocumentState2s(soap, document->state) << "\t" << *document->number << "\t" << truth(reported.replayed) << std::endl;
        }
    }

    _ns1__CreateOrderResponse sent;
    for (const char *step : {"whole order", "whole order again"}) {
        kontor.must(kontor.before().CreateOrder(whole(soap, id + "-whole", "AUR-DESIGN-DEMO"), sent));
        std::cout << step << "\t" << truth(sent.replayed) << std::endl;
        for (ns1__Line *line : sent.order->lines->line) {
            std::cout << "line\t" << *line->externalLine << "\t" << line->product << "\t" << line->quantity << "\t" << line->tickets->ticket.size() << std::endl;
        }
    }

    _ns1__CreateLicense *many = request(soap, id + "-fault"), *none = request(soap, id + "-fault"), *nothing = request(soap, id + "-fault"), *other = request(soap, id), *large = request(soap, id + "-fault");
    many->parameters = seats(soap, "5000");
    kontor.fault(kontor.before().CreateLicense(many, created));
    *none->quantity = 0;
    kontor.fault(kontor.before().CreateLicense(none, created));
    nothing->product = "NOTHING";
    kontor.fault(kontor.before().CreateLicense(nothing, created));
    kontor.fault(kontor.before().GetLicense(soap_new_req__ns1__GetLicense(soap, "23456-789AB-CDEFG-HJKLM-NPQRH"), read));
    *other->quantity = 3;
    kontor.fault(kontor.before().CreateLicense(other, created));
    cancel->requestId = id + "-fault";
    _ns1__CancelSubscriptionResponse cancelled;
    kontor.fault(kontor.before().CancelSubscription(cancel, cancelled));
    kontor.fault(kontor.before().CreateOrder(whole(soap, id + "-fault", "NOTHING"), sent));
    large->customer->name = std::string(1100000, 'x');
    kontor.fault(kontor.before().CreateLicense(large, created));
    Kontor stranger(endpoint, "wrong");
    stranger.fault(stranger.before().GetLicense(soap_new_req__ns1__GetLicense(stranger.soap, ticket), read));
    Kontor broken(failing, secret);
    for (const char *code : {"exhausted", "unavailable", "internal"}) {
        broken.fault(broken.before().GetLicense(soap_new_req__ns1__GetLicense(broken.soap, code), read));
    }
    return 0;
}
