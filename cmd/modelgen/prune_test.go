package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const sample = `{"version":"2.0","metadata":{"protocol":"json","endpointPrefix":"x","documentation":"no"},
"operations":{"Do":{"name":"Do","http":{"method":"POST","requestUri":"/"},"input":{"shape":"In"},"output":{"shape":"Out","resultWrapper":"W"},
 "errors":[{"shape":"Bad"}],"documentation":"<p>long</p>"}},
"shapes":{"In":{"type":"structure","required":["zebra"],"members":{"zebra":{"shape":"S","documentation":"d"},"apple":{"shape":"S","location":"uri","locationName":"a"},"mango":{"shape":"S","locationName":"mango","idempotencyToken":true}}},
 "Out":{"type":"structure","members":{}},
 "Bad":{"type":"structure","members":{},"error":{"code":"Bad.Code","httpStatusCode":409,"senderFault":true},"exception":true},
 "S":{"type":"string","min":1,"max":9,"pattern":"^a$","enum":["a"],"sensitive":true,"documentation":"d"}}}`

func TestPruneKeepsWhatTheWireNeeds(t *testing.T) {
	table, err := prune([]byte(sample), nil)
	if err != nil {
		t.Fatal(err)
	}
	in := table.Shapes["In"].Members
	if len(in) != 3 || in[0].Name != "zebra" || in[1].Name != "apple" || in[2].Name != "mango" {
		t.Fatalf("members: want the file's order, got %+v", in)
	}
	if !in[0].Required || in[1].Location != "uri" || in[1].Wire != "a" || !in[2].Token || in[2].Wire != "" {
		t.Errorf("traits of members: got %+v", in)
	}
	s := table.Shapes["S"]
	if *s.Min != 1 || *s.Max != 9 || s.Pattern != "^a$" || s.Enum[0] != "a" || !s.Sensitive {
		t.Errorf("constraints: got %+v", s)
	}
	bad := table.Shapes["Bad"]
	if bad.Code != "Bad.Code" || bad.Status != 409 || !bad.Sender || !bad.Exception {
		t.Errorf("error: got %+v", bad)
	}
	if op := table.Operations["Do"]; op.ResultWrapper != "W" || op.Errors[0] != "Bad" || op.Method != "" {
		t.Errorf("operation: got %+v", op)
	}
}

const restSample = `{"metadata":{"protocol":"rest-xml","endpointPrefix":"x","protocols":["rest-xml","query"],"awsQueryCompatible":{}},
"operations":{
 "Put":{"http":{"method":"PUT","requestUri":"/{Key+}"},"httpChecksum":{"requestAlgorithmMember":"A","requestChecksumRequired":true},
  "endpoint":{"hostPrefix":"{Route}."},"unsignedPayload":true,
  "input":{"shape":"In","locationName":"PutRequest","xmlNamespace":{"uri":"http://x/"}}},
 "Old":{"http":{"method":"GET","requestUri":"/?x"},"deprecated":true},
 "New":{"http":{"method":"GET","requestUri":"/?x"},"httpChecksumRequired":true,"authtype":"none"},
 "Aged":{"http":{"method":"GET","requestUri":"/?y"},"deprecated":true}},
"shapes":{"In":{"type":"structure","payload":"Body","members":{
  "Body":{"shape":"B","streaming":true},"Type":{"shape":"S","locationName":"xsi:type","xmlAttribute":true,"queryName":"T"},
  "Who":{"shape":"G","xmlNamespace":{"uri":"http://s/","prefix":"xsi"}},"Route":{"shape":"S","hostLabel":true,"jsonvalue":true}}},
 "G":{"type":"structure","members":{},"locationName":"Grantee","xmlNamespace":"http://bare/"},
 "B":{"type":"blob","streaming":true},"D":{"type":"structure","members":{},"document":true},"S":{"type":"string"}}}`

func TestPruneKeepsTheTraitsOfREST(t *testing.T) {
	table, err := prune([]byte(restSample), nil)
	if err != nil {
		t.Fatal(err)
	}
	put := table.Operations["Put"]
	if put.Root != "PutRequest" || put.RootSpace.URI != "http://x/" || put.HostPrefix != "{Route}." || !put.UnsignedPayload ||
		put.Checksum.AlgorithmMember != "A" || !put.Checksum.Required {
		t.Errorf("traits of an operation: got %+v", put)
	}
	if n := table.Operations["New"]; !n.Checksum.Required || !n.Unsigned {
		t.Errorf("the older trait of checksums, and authtype: got %+v", n)
	}
	if table.Operations["Old"] != nil || table.Operations["Aged"] == nil {
		t.Errorf("want a deprecated operation gone only where another has its request, got %v", table.Operations)
	}
	m := table.Shapes["In"].Members
	if !m[0].Streaming || !m[1].Attribute || m[1].Query != "T" || m[2].Space.Prefix != "xsi" || !m[3].HostLabel || !m[3].JSONValue {
		t.Errorf("traits of members: got %+v", m)
	}
	if g := table.Shapes["G"]; g.Wire != "Grantee" || g.Space.URI != "http://bare/" {
		t.Errorf("traits of a shape: got %+v", g)
	}
	if !table.Shapes["B"].Streaming || !table.Shapes["D"].Document {
		t.Error("streaming and document are lost")
	}
	if md := table.Metadata; len(md.Protocols) != 2 || !md.QueryCompatible {
		t.Errorf("metadata: got %+v", md)
	}
}

func TestPruneRefusesABrokenModel(t *testing.T) {
	for _, text := range []string{`{`, strings.Replace(sample, `"required":["zebra"]`, `"required":["none"]`, 1)} {
		if table, err := prune([]byte(text), nil); err == nil {
			t.Errorf("%.40s: want an error, got %+v", text, table)
		}
	}
}

// TestRunIsDeterministic runs the command twice over a small tree and compares
// the bytes.
func TestRunIsDeterministic(t *testing.T) {
	root := t.TempDir()
	write := func(path, text string) {
		path = filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("__init__.py", "import os\n\n__version__ = '1.43.11'\n")
	for _, s := range services {
		write("data/"+s+"/2014-01-01/service-2.json", `{`) // an older version must not be read
		write("data/"+s+"/2015-01-01/service-2.json", sample)
	}
	first, second := t.TempDir(), t.TempDir()
	for _, out := range []string{first, second} {
		if err := run(root, out); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{"sts.json.gz", "NOTICE"} {
		a, errA := os.ReadFile(filepath.Join(first, file))
		b, errB := os.ReadFile(filepath.Join(second, file))
		if errA != nil || errB != nil || !bytes.Equal(a, b) {
			t.Errorf("%s: want equal bytes of two runs, got %d and %d (%v %v)", file, len(a), len(b), errA, errB)
		}
		if file == "NOTICE" && !bytes.Contains(a, []byte("botocore 1.43.11")) {
			t.Errorf("NOTICE names no version:\n%s", a)
		}
	}
}

func TestRunNamesWhatIsMissing(t *testing.T) {
	for _, root := range []string{"", filepath.Join(t.TempDir(), "none")} {
		if err := run(root, t.TempDir()); err == nil {
			t.Errorf("run(%q): want an error", root)
		}
	}
}
