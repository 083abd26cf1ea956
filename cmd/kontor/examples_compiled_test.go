package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kontor/internal/demo"
	"kontor/internal/examples"
)

// oneProcess runs the examples of all operations in a language whose programs take long to start: in one process, which says
// before each of them which it is. texts are those that the page shows, by operation.
type oneProcess func(t *testing.T, dir string, operations []string, texts map[string]string) (program []string)

// inOneProcess are the languages of which all examples run in one process.
var inOneProcess = map[string]oneProcess{"node": nodeExamples, "java": javaExamples, "csharp": csharpExamples}

// runAll runs the examples of a language, by operation. What the process says tells which of them it failed in.
func runAll(t *testing.T, prepare oneProcess, texts map[string]string) {
	t.Helper()
	var operations []string
	for name := range texts {
		operations = append(operations, name)
	}
	slices.Sort(operations)
	program := prepare(t, t.TempDir(), operations, texts)
	run := exec.CommandContext(t.Context(), program[0], program[1:]...)
	run.Env = append(os.Environ(), examples.SecretVariable+"="+demo.Password)
	out, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, o := range operations {
		// What is answered follows, and names the response in one way or another.
		if _, said, ok := strings.Cut(string(out), "== "+o+"\n"); !ok || len(strings.TrimSpace(said)) == 0 || strings.HasPrefix(strings.TrimSpace(said), "== ") {
			t.Errorf("%s says nothing:\n%s", o, out)
		}
	}
	// A fault ends the process, and is told by its code.
	run = exec.CommandContext(t.Context(), program[0], program[1:]...)
	run.Env = append(os.Environ(), examples.SecretVariable+"=wrong")
	if out, err := run.CombinedOutput(); err == nil || !strings.Contains(string(out), "unauthenticated: ") {
		t.Errorf("with wrong credentials: %v\n%s", err, out)
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// nodeExamples imports one module after the other: each is done when its call is answered.
func nodeExamples(t *testing.T, dir string, operations []string, texts map[string]string) []string {
	node := needProgram(t, "node", "nodejs npm, and run scripts/ensure-test-tools.sh", "-e", "require('./testdata/clients/node_modules/soap')")
	modules, err := filepath.Abs("testdata/clients/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(modules, filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	main := ""
	for _, o := range operations {
		write(t, filepath.Join(dir, o+".mjs"), texts[o])
		main += "console.log('== " + o + "');\nawait import('./" + o + ".mjs');\nif (process.exitCode) process.exit();\n"
	}
	write(t, filepath.Join(dir, "main.mjs"), main)
	return []string{node, filepath.Join(dir, "main.mjs")}
}

// javaExamples puts each class into a package of its own. Debian's JAX-WS is the one before jakarta, of which the example tells
// what to write instead.
func javaExamples(t *testing.T, dir string, operations []string, texts map[string]string) []string {
	const jars = "/usr/share/java/jaxws-rt.jar"
	java, javac := needProgram(t, "java", "default-jdk-headless", "-version"), needProgram(t, "javac", "default-jdk-headless", "-version")
	if _, err := os.Stat(jars); err != nil {
		t.Fatalf("JAX-WS is missing (%v); install libjaxws-java", err)
	}
	main := "public class All {\n  public static void main(String[] args) throws Exception {\n"
	files := []string{filepath.Join(dir, "All.java")}
	for _, o := range operations {
		file, name := filepath.Join(dir, o, "Example.java"), "of"+o
		write(t, file, "package "+name+"; "+strings.ReplaceAll(texts[o], "import jakarta.xml.ws.", "import javax.xml.ws."))
		files = append(files, file)
		main += "    System.out.println(\"== " + o + "\");\n    " + name + ".Example.main(args);\n    System.out.println();\n"
	}
	write(t, files[0], main+"  }\n}\n")
	classes := filepath.Join(dir, "classes")
	runTool(t, dir, javac, append([]string{"-J-XX:TieredStopAtLevel=1", "-encoding", "UTF-8", "-proc:none", "-nowarn", "-cp", jars, "-d", classes}, files...)...)
	return []string{java, "-XX:TieredStopAtLevel=1", "-cp", classes + ":" + jars, "All"}
}

// csharpExamples puts each program into a namespace of its own.
func csharpExamples(t *testing.T, dir string, operations []string, texts map[string]string) []string {
	compiler, mono := needProgram(t, "mcs", "mono-mcs libmono-system-net-http4.0-cil libmono-system-xml-linq4.0-cil", "--version"), needProgram(t, "mono", "mono-runtime", "--version")
	main := "public static class All {\n  public static int Main() {\n"
	files := []string{filepath.Join(dir, "All.cs")}
	for _, o := range operations {
		file, name := filepath.Join(dir, o+".cs"), "Of"+o
		write(t, file, "namespace "+name+" {\n"+texts[o]+"}\n")
		files = append(files, file)
		main += "    System.Console.WriteLine(\"== " + o + "\");\n    if (" + name + ".Program.Main() != 0) return 1;\n"
	}
	write(t, files[0], main+"    return 0;\n  }\n}\n")
	binary := filepath.Join(dir, "all.exe")
	runTool(t, dir, compiler, append([]string{"-main:All", "-warnaserror", "-r:System.Net.Http", "-r:System.Xml.Linq", "-out:" + binary}, files...)...)
	return []string{mono, binary}
}
