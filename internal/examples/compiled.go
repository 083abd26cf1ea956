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

// writeCSharp sends the envelope as it is, with what every .NET has and in the C# that every compiler reads: no classes have
// to be made first, and no package is fetched.
func writeCSharp(o wsdl.Operation, parts []part, v Values) string {
	envelope := `<Envelope xmlns="` + soap11 + "\">\n  <Body>\n" + payload(o, parts, "    ") + "  </Body>\n</Envelope>\n"
	return `// dotnet-svcutil makes classes of the contract, if you prefer them.
using System;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Threading.Tasks;
using System.Xml.Linq;

public static class Program
{
    public static int Main()
    {
        return Call().GetAwaiter().GetResult();
    }

    static async Task<int> Call()
    {
        string envelope = ` + verbatim("\n"+envelope) + `.Trim();
        using (var client = new HttpClient())
        {
            // KONTOR_SECRET holds the secret of the service account. It is sent at once: there is no challenge to wait for.
            string login = ` + verbatim(v.Account+":") + ` + Environment.GetEnvironmentVariable("KONTOR_SECRET");
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(login)));
            var content = new StringContent(envelope, Encoding.UTF8, "text/xml");
            content.Headers.Add("SOAPAction", ` + verbatim(`"`+o.Action+`"`) + `);
            HttpResponseMessage response = await client.PostAsync(` + verbatim(v.Endpoint) + `, content);
            XDocument answer = XDocument.Parse(await response.Content.ReadAsStringAsync());

            // The detail of a fault has code, message, field and reference.
            XNamespace space = ` + verbatim(wsdl.Namespace) + `;
            XElement fault = answer.Descendants(space + "fault").FirstOrDefault();
            if (fault != null)
            {
                Console.Error.WriteLine((string)fault.Element(space + "code") + ": " + (string)fault.Element(space + "message"));
                return 1;
            }
            Console.WriteLine(answer.Root);
            return 0;
        }
    }
}
`
}

// verbatim is a string of C# in which nothing but a quote means anything.
func verbatim(text string) string { return `@"` + strings.ReplaceAll(text, `"`, `""`) + `"` }
