package examples

import (
	"fmt"

	"kontor/wsdl"
)

// Language is a language that examples are written in.
type Language struct {
	Code string // in addresses: "php"
	Name string // for people: "PHP"
	File string // what a file with such an example is called
	// Needs says what has to be there, in the terms of the language.
	Needs string

	write func(o wsdl.Operation, parts []part, v Values) string
}

// Languages are those that there are, in the order in which they are offered.
var Languages = []Language{
	{Code: "curl", Name: "curl", File: "example.sh", Needs: "curl", write: writeCurl},
	{Code: "php", Name: "PHP", File: "example.php", Needs: "ext-soap", write: writePHP},
	{Code: "python", Name: "Python", File: "example.py", Needs: "pip install zeep", write: writePython},
	{Code: "node", Name: "Node", File: "example.mjs", Needs: "npm install soap", write: writeNode},
	{Code: "java", Name: "Java", File: "Example.java", Needs: "com.sun.xml.ws:jaxws-rt", write: writeJava},
	{Code: "csharp", Name: "C#", File: "Program.cs", Needs: ".NET, or .NET Framework 4.5", write: writeCSharp},
}

// SecretVariable is the environment variable from which the examples take the secret: none of them has one in it.
const SecretVariable = "KONTOR_SECRET"

// Write writes the example of an operation in a language, by its code. It fails when a sample is missing, and for a
// language that there is not.
func Write(language string, o wsdl.Operation, v Values) (string, error) {
	for _, l := range Languages {
		if l.Code != language {
			continue
		}
		parts, err := fill(o, v)
		if err != nil {
			return "", err
		}
		return l.write(o, parts, v), nil
	}
	return "", fmt.Errorf("there are no examples in %q", language)
}
