// Parses GetLicense and CreateLicense and answers them from memory, with what gSOAP makes of the WSDL; a thread for each connection.
//
// Usage: server PORT LICENSE-FILE
#include "LicenseBinding.nsmap"
#include "soapLicenseBindingService.h"

#include <fstream>
#include <sstream>
#include <thread>

static std::string file;

struct Server : LicenseBindingService {
    explicit Server(struct soap *soap) : LicenseBindingService(soap) {}

    std::string *text(const std::string &s) {
        std::string *t = soap_new_std__string(soap);
        *t = s;
        return t;
    }

    ns1__License *license(const std::string &category, const std::string &product, ns1__Customer *customer, ns1__Parameters *parameters, ns1__DataFields *fields) {
        ns1__License *l = soap_new_ns1__License(soap);
        l->ticket = "23456-789AB-CDEFG-HJKLM-NPQRH";
        l->orderNumber = "K26-10001";
        l->group = "aurora";
        l->category = category;
        l->product = product;
        l->productName = "Aurora Design";
        l->quantity = 1;
        l->state = ns1__LicenseState__active;
        l->createdAt = time(NULL);
        l->customer = customer != NULL ? customer : soap_new_req_ns1__Customer(soap, "Grace Hopper");
        l->parameters = parameters != NULL ? parameters : soap_new_ns1__Parameters(soap);
        l->dataFields = fields != NULL ? fields : soap_new_ns1__DataFields(soap);
        l->deliveryState = ns1__DeliveryState__none;
        l->keys = soap_new_ns1__Keys(soap);
        l->licenseFile = text(file);
        return l;
    }

    int GetLicense(_ns1__GetLicense *, _ns1__GetLicenseResponse &out) override {
        ns1__Parameters *parameters = soap_new_ns1__Parameters(soap);
        parameters->parameter.push_back(soap_new_req_ns1__Parameter(soap, "seats", "5"));
        parameters->parameter.push_back(soap_new_req_ns1__Parameter(soap, "edition", "pro"));
        out.license = license("partner", "AUR-DESIGN", NULL, parameters, NULL);
        return SOAP_OK;
    }

    int CreateLicense(_ns1__CreateLicense *in, _ns1__CreateLicenseResponse &out) override {
        out.orderNumber = "K26-10001";
        out.replayed = false;
        out.licenses = soap_new_ns1__Licenses(soap);
        out.licenses->license.push_back(license(in->category, in->product, in->customer, in->parameters, in->dataFields));
        return SOAP_OK;
    }
};

int main(int, char **args) {
    std::stringstream all;
    all << std::ifstream(args[2]).rdbuf();
    file = all.str();
    struct soap *listener = soap_new1(SOAP_C_UTFSTRING | SOAP_IO_KEEPALIVE);
    soap_set_namespaces(listener, namespaces);
    listener->bind_flags = SO_REUSEADDR;
    listener->max_keep_alive = 1 << 30;
    if (!soap_valid_socket(soap_bind(listener, "127.0.0.1", atoi(args[1]), 128))) {
        soap_print_fault(listener, stderr);
        return 1;
    }
    while (soap_valid_socket(soap_accept(listener))) {
        struct soap *connection = soap_copy(listener);
        std::thread([connection] {
            Server server(connection);
            server.serve();
            server.destroy();
            soap_free(connection);
        }).detach();
    }
    return 1;
}
