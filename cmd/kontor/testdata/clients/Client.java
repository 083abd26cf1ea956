import java.io.PrintStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import javax.xml.soap.SOAPElement;
import javax.xml.soap.SOAPEnvelope;
import javax.xml.ws.BindingProvider;
import javax.xml.ws.Holder;
import javax.xml.ws.handler.MessageContext;
import javax.xml.ws.handler.soap.SOAPHandler;
import javax.xml.ws.handler.soap.SOAPMessageContext;
import kontor.*;

/**
 * Sells, changes and cancels a license with JAX-WS and what wsimport makes of the WSDL, and says what it got; clients_test.go has what
 * is said.
 *
 * <p>Usage: java Client WSDL-URL FAILING-URL 1.1|1.2 basic|text NAME SECRET REQUEST-ID. The version is that of the WSDL.
 */
public class Client {
    static final String WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
    static PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    static String wsdl, auth, name;
    static LicenseService service;

    /** Puts a UsernameToken into the header. */
    static class Token implements SOAPHandler<SOAPMessageContext> {
        final String secret;

        Token(String secret) {
            this.secret = secret;
        }

        public boolean handleMessage(SOAPMessageContext context) {
            if ((Boolean) context.get(MessageContext.MESSAGE_OUTBOUND_PROPERTY)) {
                try {
                    SOAPEnvelope envelope = context.getMessage().getSOAPPart().getEnvelope();
                    SOAPElement header = envelope.getHeader() == null ? envelope.addHeader() : envelope.getHeader();
                    SOAPElement token = header.addChildElement("Security", "wsse", WSSE).addChildElement("UsernameToken", "wsse");
                    token.addChildElement("Username", "wsse").addTextNode(name);
                    token.addChildElement("Password", "wsse").addTextNode(secret);
                } catch (Exception e) {
                    throw new RuntimeException(e);
                }
            }
            return true;
        }

        public boolean handleFault(SOAPMessageContext context) {
            return true;
        }

        public void close(MessageContext context) {}

        public java.util.Set<javax.xml.namespace.QName> getHeaders() {
            return Collections.emptySet();
        }
    }

    static LicensePortType port(String secret, String location) {
        LicensePortType port = service.getLicensePort();
        BindingProvider provider = (BindingProvider) port;
        Map<String, Object> context = provider.getRequestContext();
        if (auth.equals("basic")) {
            context.put(BindingProvider.USERNAME_PROPERTY, name);
            context.put(BindingProvider.PASSWORD_PROPERTY, secret);
        } else {
            provider.getBinding().setHandlerChain(Collections.singletonList(new Token(secret)));
        }
        if (location != null) {
            context.put(BindingProvider.ENDPOINT_ADDRESS_PROPERTY, location);
        }
        return port;
    }

    static void say(Object... words) {
        StringBuilder line = new StringBuilder();
        for (Object word : words) {
            line.append(line.length() == 0 ? "" : "\t").append(word);
        }
        out.print(line + "\n");
    }

    interface Call {
        void run() throws LicenseFault;
    }

    static void fault(Call call) {
        try {
            call.run();
            say("no fault");
        } catch (LicenseFault e) {
            FaultDetail detail = e.getFaultInfo();
            say("fault", detail.getCode(), detail.getField() == null ? "" : detail.getField());
        }
    }

    /** A CreateLicense, which tests change before it is sent. */
    static class Create {
        String requestId, product = "AUR-SUITE", seats = "5", customer = "Zoë <Müller> & Söhne";
        int quantity = 2;
        Holder<String> orderNumber = new Holder<>();
        Holder<Boolean> replayed = new Holder<>();
        Holder<Licenses> licenses = new Holder<>();

        Create(String requestId) {
            this.requestId = requestId;
        }

        License send(LicensePortType port) throws LicenseFault {
            Customer c = new Customer();
            c.setName(customer);
            c.setCountry("DE");
            port.createLicense(requestId, "northwind", "partner", product, quantity, orderNumber, c, seats(seats), null, null, null, null, true, replayed, licenses);
            return licenses.value.getLicense().get(0);
        }
    }

    /** The lines of an order, of which tests change the second. */
    static NewLines lines(String second) {
        NewLine suite = new NewLine(), other = new NewLine();
        suite.setExternalLine("10");
        suite.setCategory("partner");
        suite.setProduct("AUR-SUITE");
        suite.setQuantity(3);
        suite.setParameters(seats("5"));
        other.setExternalLine("20");
        other.setCategory("partner");
        other.setProduct(second);
        NewLines lines = new NewLines();
        lines.getLine().add(suite);
        lines.getLine().add(other);
        return lines;
    }

    static Parameters seats(String n) {
        Parameter seats = new Parameter();
        seats.setName("seats");
        seats.setValue(n);
        Parameters parameters = new Parameters();
        parameters.getParameter().add(seats);
        return parameters;
    }

    static String seats(License license) {
        return license.getParameters().getParameter().get(0).getValue();
    }

    public static void main(String[] args) throws Exception {
        wsdl = args[0];
        auth = args[3];
        name = args[4];
        String failing = args[1], secret = args[5], id = args[6];
        service = new LicenseService(new URL(wsdl));
        LicensePortType kontor = port(secret, null);

        Create create = new Create(id), again = new Create(id);
        License license = create.send(kontor);
        String ticket = license.getTicket(), orderNumber = create.orderNumber.value;
        say("create", orderNumber, create.replayed.value, ticket, license.getQuantity(), license.getCustomer().getName());
        License replayed = again.send(kontor);
        say("replay", again.orderNumber.value, again.replayed.value, replayed.getTicket());

        Customer customer = new Customer();
        customer.setName("Søren & Åse");
        Holder<License> modified = new Holder<>();
        Holder<Boolean> was = new Holder<>();
        kontor.modifyLicense(id + "-modify", ticket, customer, seats("8"), null, modified, was);
        say("modify", was.value, modified.value.getCustomer().getName(), seats(modified.value));
        License read = kontor.getLicense(ticket);
        say("read", read.getTicket(), read.getState().value(), seats(read), read.getCustomer().getName(), read.isTest());
        Order order = kontor.getOrder(orderNumber);
        say("order", order.getOrderNumber(), order.getGroup(), order.getLicenses().getLicense().get(0).getTicket());

        Holder<Subscription> subscription = new Holder<>();
        Holder<Receipt> receipt = new Holder<>();
        for (String step : new String[] {"cancel", "cancel again"}) {
            kontor.cancelSubscription(id + "-cancel", ticket, "sold <out>", IfLate.REFUSE, subscription, receipt, was);
            say(step, subscription.value.getState().value(), receipt.value.isInTime(), was.value);
        }
        Holder<Order> reported = new Holder<>();
        kontor.reportDocument(id + "-report", orderNumber, "ledger", ReportedState.ACCEPTED, "L-1", null, reported, was);
        for (Document document : reported.value.getDocuments().getDocument()) {
            if (document.getConnector().equals("ledger")) {
                say("report", document.getState().value(), document.getNumber(), was.value);
            }
        }

        Customer grace = new Customer();
        grace.setName("Grace Hopper");
        Holder<Order> sent = new Holder<>();
        for (String step : new String[] {"whole order", "whole order again"}) {
            kontor.createOrder(id + "-whole", "northwind", grace, null, lines("AUR-DESIGN-DEMO"), null, sent, was);
            say(step, was.value);
            for (Line line : sent.value.getLines().getLine()) {
                say("line", line.getExternalLine(), line.getProduct(), line.getQuantity(), line.getTickets().getTicket().size());
            }
        }

        Create many = new Create(id + "-fault"), none = new Create(id + "-fault"), nothing = new Create(id + "-fault"), other = new Create(id), large = new Create(id + "-fault");
        many.seats = "5000";
        fault(() -> many.send(kontor));
        none.quantity = 0;
        fault(() -> none.send(kontor));
        nothing.product = "NOTHING";
        fault(() -> nothing.send(kontor));
        fault(() -> kontor.getLicense("23456-789AB-CDEFG-HJKLM-NPQRH"));
        other.quantity = 3;
        fault(() -> other.send(kontor));
        fault(() -> kontor.cancelSubscription(id + "-fault", ticket, "sold <out>", IfLate.REFUSE, subscription, receipt, was));
        fault(() -> kontor.createOrder(id + "-fault", "northwind", grace, null, lines("NOTHING"), null, sent, was));
        large.customer = "x".repeat(1100000);
        fault(() -> large.send(kontor));
        fault(() -> port("wrong", null).getLicense(ticket));
        for (String code : new String[] {"exhausted", "unavailable", "internal"}) {
            fault(() -> port(secret, failing).getLicense(code));
        }
    }
}
