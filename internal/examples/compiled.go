package examples

import (
	"strings"

	"kontor/wsdl"
)

// writeJava sends the payload by JAX-WS itself, so that it runs without classes that have to be made first.
func writeJava(o wsdl.Operation, parts []part, v Values) string {
	return `// With JAX-WS 2, javax stands where jakarta stands here. wsimport makes classes of the contract, if you prefer them.
import jakarta.xml.ws.BindingProvider;
import jakarta.xml.ws.Dispatch;
import jakarta.xml.ws.Service;
import jakarta.xml.ws.soap.SOAPFaultException;
import java.io.StringReader;
import java.net.URI;
import javax.xml.namespace.QName;
import javax.xml.transform.Source;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.stream.StreamResult;
import javax.xml.transform.stream.StreamSource;

public class Example {
    public static void main(String[] args) throws Exception {
        String space = "` + wsdl.Namespace + `";
        Service service = Service.create(URI.create(` + jsonQuoted(v.Endpoint+"?wsdl") + `).toURL(), new QName(space, "LicenseService"));
        Dispatch<Source> port = service.createDispatch(new QName(space, "LicensePort"), Source.class, Service.Mode.PAYLOAD);
        port.getRequestContext().put(BindingProvider.USERNAME_PROPERTY, ` + jsonQuoted(v.Account) + `);
        // KONTOR_SECRET holds the secret of the service account.
        port.getRequestContext().put(BindingProvider.PASSWORD_PROPERTY, System.getenv("KONTOR_SECRET"));
        String request = """
` + textBlock(payload(o, parts, "            ")) + `            """;
        try {
            Source answer = port.invoke(new StreamSource(new StringReader(request)));
            TransformerFactory.newInstance().newTransformer().transform(answer, new StreamResult(System.out));
        } catch (SOAPFaultException e) {
            // The detail has code, message, field and reference.
            System.err.println(e.getFault().getDetail().getElementsByTagNameNS(space, "code").item(0).getTextContent() + ": " + e.getMessage());
            System.exit(1);
        }
    }
}
`
}

// textBlock escapes what a text block of Java would read. Quotes are escaped in the XML already, but for its own.
func textBlock(text string) string { return strings.ReplaceAll(text, `\`, `\\`) }

// writeCSharp sends the payload over a channel of WCF, so that it runs without classes that have to be made first.
func writeCSharp(o wsdl.Operation, parts []part, v Values) string {
	binding := "new BasicHttpsBinding()"
	if strings.HasPrefix(v.Endpoint, "http://") {
		binding = "new BasicHttpBinding()"
	}
	return `// dotnet-svcutil makes classes of the contract, if you prefer them.
using System;
using System.IO;
using System.Net;
using System.ServiceModel;
using System.ServiceModel.Channels;
using System.Text;
using System.Xml;

var factory = new ChannelFactory<IRequestChannel>(` + binding + `, new EndpointAddress(` + verbatim(v.Endpoint) + `));
var channel = factory.CreateChannel();
channel.Open();

var body = XmlReader.Create(new StringReader(` + verbatim("\n"+payload(o, parts, "")) + `.Trim()));
var request = Message.CreateMessage(MessageVersion.Soap11, ` + verbatim(o.Action) + `, body);

// KONTOR_SECRET holds the secret of the service account. It is sent at once: there is no challenge to wait for.
var secret = Environment.GetEnvironmentVariable("KONTOR_SECRET");
var http = new HttpRequestMessageProperty();
http.Headers[HttpRequestHeader.Authorization] = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(` + verbatim(v.Account+":") + ` + secret));
request.Properties[HttpRequestMessageProperty.Name] = http;

var answer = channel.Request(request);
Console.WriteLine(answer.ToString()); // of a fault, its detail has code, message, field and reference
return answer.IsFault ? 1 : 0;
`
}

// verbatim is a string of C# in which nothing but a quote means anything.
func verbatim(text string) string { return `@"` + strings.ReplaceAll(text, `"`, `""`) + `"` }
