package agent

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// world is a plane of a few lines with documents, objects and files.
type world struct {
	mu        sync.Mutex
	documents map[string]storedDocument // guarded by mu; by "name" or "name:version name"
	objects   map[string]string         // guarded by mu; "bucket/key"
	files     map[string]string         // guarded by mu; other paths
	asked     []string                  // guarded by mu
	base      string
	secrets   map[string]string // SecureStrings
}

func (w *world) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	host, _, _ := strings.Cut(r.Host, ":")
	w.asked = append(w.asked, host+r.URL.Path)
	if bucket, _, ok := strings.Cut(host, ".s3."); ok {
		if r.URL.Query().Get("list-type") == "2" {
			fmt.Fprint(out, "<ListBucketResult>")
			for key := range w.objects {
				if rest, ok := strings.CutPrefix(key, bucket+"/"); ok && strings.HasPrefix(rest, r.URL.Query().Get("prefix")) {
					fmt.Fprintf(out, "<Contents><Key>%s</Key></Contents>", rest)
				}
			}
			fmt.Fprint(out, "</ListBucketResult>")
			return
		}
		if body, ok := w.objects[bucket+r.URL.Path]; ok {
			fmt.Fprint(out, body)
			return
		}
		out.WriteHeader(http.StatusNotFound)
		fmt.Fprint(out, "<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>")
		return
	}
	if r.Header.Get("X-Amz-Target") == "AmazonSSM.GetDocument" {
		var in struct{ Name, VersionName, DocumentVersion string }
		_ = json.NewDecoder(r.Body).Decode(&in)
		d, ok := w.documents[strings.TrimSuffix(in.Name+":"+in.VersionName+in.DocumentVersion, ":")]
		if !ok {
			out.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(out, `{"__type":"InvalidDocument","message":"no such document"}`)
			return
		}
		_ = json.NewEncoder(out).Encode(d)
		return
	}
	if r.Header.Get("X-Amz-Target") == "AmazonSSM.GetParameters" {
		var in struct {
			Names          []string
			WithDecryption bool
		}
		_ = json.NewDecoder(r.Body).Decode(&in)
		var found []map[string]string
		for _, name := range in.Names {
			if value, ok := w.secrets[name]; ok && in.WithDecryption {
				found = append(found, map[string]string{"Name": name, "Value": value})
			}
		}
		_ = json.NewEncoder(out).Encode(map[string]any{"Parameters": found})
		return
	}
	if user, password, ok := r.BasicAuth(); ok && user+password != "usersecret" {
		out.WriteHeader(http.StatusUnauthorized)
		return
	}
	body, ok := w.files[r.URL.Path]
	if !ok {
		out.WriteHeader(http.StatusNotFound)
	}
	fmt.Fprint(out, body)
}

// worldly is an agent in such a world.
func worldly(t *testing.T) (*agent, *world) {
	t.Helper()
	w := &world{documents: map[string]storedDocument{}, objects: map[string]string{}, files: map[string]string{}}
	server := httptest.NewUnstartedServer(w)
	certificate, authority := certify(t)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	server.StartTLS()
	t.Cleanup(server.Close)
	a := bench(t)
	a.cfg.Port, a.cfg.CA = server.Listener.Addr().(*net.TCPAddr).Port, authority
	a.cfg.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
	}
	var err error
	if a.plane, err = openPlane(a.cfg); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.plane.close)
	a.purse = newPurse()
	a.purse.put(credentials{AccessKeyID: "ASIA", SecretAccessKey: "secret", SessionToken: "token"})
	w.base = "https://" + a.cfg.host("ssm")
	return a, w
}

func certify(t *testing.T) (tls.Certificate, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<33, 0), KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
		DNSNames: []string{"*.eu-west-1.example.test", "*.s3.eu-west-1.example.test"},
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// plug runs one step of a plugin.
func plug(t *testing.T, a *agent, folder, plugin string, inputs map[string]any) outcome {
	t.Helper()
	return a.runStep(t.Context(), &run{Job: "job", Folder: folder}, step{Key: "one", Plugin: plugin, Inputs: inputs, Limit: time.Minute, Portable: true}, false)
}

func TestDownloadContent(t *testing.T) {
	a, w := worldly(t)
	w.objects = map[string]string{"b/dir/one.sh": "1", "b/dir/sub/two": "2", "b/evil/../../../x": "3"}
	w.files, w.secrets = map[string]string{"/file.txt": "hello"}, map[string]string{"/web/password": "secret"}
	w.documents["doc:3"] = storedDocument{Name: "doc", Content: "{}"}
	s3 := func(key string) string { return `{"path":"https://b.s3.eu-west-1.example.test/` + key + `"}` }
	for _, row := range []struct {
		name, kind string
		info       any
		to         string
		file, want string // below the downloads
		fails      string
	}{
		{"an object", "S3", s3("dir/one.sh"), "", "one.sh", "1", ""},
		{"an object under another name", "S3", s3("dir/one.sh"), "two/other", "two/other", "1", ""},
		{"an object by a URL in path style", "S3", `{"path":"https://s3.amazonaws.com/b/dir/one.sh"}`, "x/", "x/one.sh", "1", ""},
		{"a folder", "S3", s3("dir/"), "all", "all/sub/two", "2", ""},
		{"a folder without its slash", "S3", s3("dir"), "all2", "all2/one.sh", "1", ""},
		{"nothing", "S3", s3("nothing"), "", "", "", "NoSuchKey"},
		{"keys that lead out", "S3", s3("evil/"), "e", "", "", "leads out"},
		{"a page", "HTTP", map[string]any{"url": w.base + "/file.txt"}, "", "file.txt", "hello", ""},
		{"a page with a password", "HTTP", map[string]any{"url": w.base + "/file.txt", "authMethod": "Basic", "username": "user", "password": "secret"}, "f", "f", "hello", ""},
		{"a secret password", "HTTP", map[string]any{"url": w.base + "/file.txt", "authMethod": "Basic", "username": "user", "password": "{{ ssm-secure:/web/password }}"}, "f", "f", "hello", ""},
		{"a secret that is not there", "HTTP", map[string]any{"url": w.base + "/file.txt", "authMethod": "Basic", "username": "user", "password": "{{ssm-secure:/none}}"}, "f", "", "", "{{ ssm-secure:/none }} does not exist"},
		{"a secret inside a text", "HTTP", map[string]any{"url": w.base + "/file.txt", "authMethod": "Basic", "username": "user", "password": "x{{ssm-secure:/web/password}}"}, "f", "", "", "must stand alone"},
		{"a wrong password", "HTTP", map[string]any{"url": w.base + "/file.txt", "authMethod": "Basic", "username": "user", "password": "no"}, "f", "", "", "401"},
		{"another way to sign in", "HTTP", map[string]any{"url": w.base + "/file.txt", "authMethod": "Digest"}, "f", "", "", "not known"},
		{"a page that is not there", "HTTP", `{"url":"` + w.base + `/none"}`, "", "", "", "404"},
		{"a page without TLS", "HTTP", `{"url":"http://example.test/"}`, "", "", "", "insecure download is not allowed"},
		{"a document", "SSMDocument", `{"name":"doc:3"}`, "", "doc.json", "{}", ""},
		{"no such document", "SSMDocument", `{"name":"none"}`, "", "", "", "InvalidDocument"},
		{"no source", "", `{}`, "", "", "", "SourceType must be specified"},
		{"an unknown source", "FTP", `{}`, "", "", "", "Unsupported source type"},
		{"no information", "S3", "", "", "", "", "SourceInfo must be specified"},
	} {
		folder := t.TempDir()
		got := plug(t, a, folder, "aws:downloadContent", map[string]any{"sourceType": row.kind, "sourceInfo": row.info, "destinationPath": row.to})
		if row.fails != "" {
			if got.Status != statusFailed || !strings.Contains(got.Stderr, row.fails) {
				t.Errorf("%s: got %+v, want %q", row.name, got, row.fails)
			}
			continue
		}
		file := filepath.Join(folder, "downloads", row.file)
		b, err := os.ReadFile(file)
		if got.Status != statusSuccess || err != nil || string(b) != row.want {
			t.Errorf("%s: got %+v with %q, %v", row.name, got, b, err)
			continue
		}
		if info, err := os.Stat(file); err != nil || info.Mode()&0o100 == 0 {
			t.Errorf("%s: scripts cannot run it: %v %v", row.name, info.Mode(), err)
		}
	}
}

const nested = `
schemaVersion: "2.2"
parameters:
  who: {type: String, default: world}
mainSteps:
- action: aws:runShellScript
  name: hello
  inputs: {runCommand: ['echo "hello {{ who }}"']}
- action: aws:runShellScript
  name: bad
  precondition: {StringEquals: ["{{ who }}", nobody]}
  inputs: {runCommand: [exit 3]}
`

func TestRunDocument(t *testing.T) {
	a, w := worldly(t)
	w.documents["nested"] = storedDocument{Name: "nested", Content: nested}
	w.documents["loop"] = storedDocument{Name: "loop", Content: `{"schemaVersion":"2.2","mainSteps":[{"action":"aws:runDocument","name":"again","inputs":{"documentType":"SSMDocument","documentPath":"loop"}}]}`}
	folder := t.TempDir()
	if err := os.MkdirAll(filepath.Join(folder, "downloads"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "downloads", "local.yaml"), []byte(nested), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name, kind, path string
		parameters       any
		status           string
		code             int
		says             string
	}{
		{"a document of the service", "SSMDocument", "nested", nil, statusSuccess, 0, "hello world"},
		{"with parameters as JSON", "SSMDocument", "nested", `{"who":"you"}`, statusSuccess, 0, "hello you"},
		{"with parameters as YAML", "LocalPath", "local.yaml", "who: them", statusSuccess, 0, "hello them"},
		{"with parameters as an object", "LocalPath", "local.yaml", map[string]any{"who": []any{"all"}}, statusSuccess, 0, "hello all"},
		{"a step that fails", "LocalPath", "local.yaml", `{"who":"nobody"}`, statusFailed, 3, "exit status 3"},
		{"parameters that are none", "LocalPath", "local.yaml", "[1]", statusFailed, 1, "no object"},
		{"no such file", "LocalPath", "other.yaml", nil, statusFailed, 1, "no such file"},
		{"no such document", "SSMDocument", "none", nil, statusFailed, 1, "InvalidDocument"},
		{"itself", "SSMDocument", "loop", nil, statusFailed, 1, "Maximum depth for document execution exceeded. Maximum depth permitted - 3 and current depth - 4"},
		{"another kind", "Book", "x", nil, statusFailed, 1, "Document type specified in invalid"},
		{"nothing", "LocalPath", "", nil, statusFailed, 1, "Document Path must be provided"},
	} {
		got := plug(t, a, folder, "aws:runDocument", map[string]any{"documentType": row.kind, "documentPath": row.path, "documentParameters": row.parameters})
		if got.Status != row.status || got.Code != row.code || !strings.Contains(got.Stdout+got.Stderr, row.says) {
			t.Errorf("%s: got %+v, want %s with %d and %q", row.name, got, row.status, row.code, row.says)
		}
	}
}

func TestARestartInsideOfADocumentThatADocumentRuns(t *testing.T) {
	a, w := worldly(t)
	mark := filepath.Join(t.TempDir(), "mark")
	w.documents["inner"] = storedDocument{Name: "inner", Content: `{"schemaVersion":"2.2","mainSteps":[
		{"action":"aws:runShellScript","name":"first","inputs":{"runCommand":["echo once >>` + mark + `.first"]}},
		{"action":"aws:runShellScript","name":"second","inputs":{"runCommand":["[ -e ` + mark + ` ] || { touch ` + mark + `; exit 194; }; echo done"]}}]}`}
	one := accepted(t, a, "aws.ssm.c.mi-0", orderOf(`{"schemaVersion":"2.2","mainSteps":[{"action":"aws:runDocument","name":"outer","inputs":{"documentType":"SSMDocument","documentPath":"inner"}}]}`, `{}`))
	a.perform(t.Context(), one)
	b := restarted(t, a)
	b.perform(t.Context(), <-b.jobs.queue)
	replies := b.outbox.unacknowledged()
	if status, steps := statusOf(t, replies[len(replies)-1]); status != statusSuccess || !strings.Contains(steps["outer"].StandardOutput, "done") {
		t.Errorf("got %s with %+v", status, steps)
	}
	if b, err := os.ReadFile(mark + ".first"); string(b) != "once\n" {
		t.Errorf("the first step left %q (%v), want one line", b, err)
	}
}

// packed makes a zip archive; a name that ends in @ is a link.
func packed(t testing.TB, files map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range files {
		h := &zip.FileHeader{Name: strings.TrimSuffix(name, "@"), Method: zip.Deflate}
		h.SetMode(0o755)
		if strings.HasSuffix(name, "@") {
			h.SetMode(os.ModeSymlink | 0o777)
		}
		f, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// publish makes a package known to the world.
func (w *world) publish(name, version string, latest bool, archive string) {
	sum := sha256.Sum256([]byte(archive))
	file := version + ".zip"
	d := storedDocument{
		Name: name, Status: "Active", DocumentType: "Package",
		Content: fmt.Sprintf(`{"schemaVersion":"2.0","version":"%s","packages":{"_any":{"_any":{"_any":{"file":"%s"}}}},"files":{"%s":{"checksums":{"sha256":"%s"}}}}`,
			version, file, file, hex.EncodeToString(sum[:])),
		AttachmentsContent: []attachment{{Name: file, Url: w.base + "/" + file}},
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.files["/"+file] = archive
	w.documents[name+":"+version] = d
	if latest {
		w.documents[name] = d
	}
}

func TestConfigurePackage(t *testing.T) {
	a, w := worldly(t)
	log := filepath.Join(t.TempDir(), "log")
	scripts := func(version, install string) map[string]string {
		return map[string]string{
			"install.sh":   "echo install " + version + " $SSM_more >>" + log + "\n" + install,
			"uninstall.sh": "echo uninstall " + version + " >>" + log + "\n",
			"update.sh":    "echo update " + version + " >>" + log + "\n",
			"data/file":    "x",
		}
	}
	w.publish("p", "1.0", true, packed(t, scripts("1", "cat data/file\n")))
	order := func(more map[string]any) outcome {
		in := map[string]any{"name": "p", "action": "Install"}
		maps.Copy(in, more)
		return plug(t, a, t.TempDir(), "aws:configurePackage", in)
	}
	did := func(name string, got outcome, status, says, log1 string) {
		t.Helper()
		b, _ := os.ReadFile(log)
		_ = os.Remove(log)
		text := strings.Join(strings.Fields(string(b)), " ")
		if got.Status != status || !strings.Contains(got.Stdout+got.Stderr, says) || text != log1 {
			t.Errorf("%s: got %+v and scripts %q, want %s, %q and %q", name, got, text, status, says, log1)
		}
	}
	did("install", order(map[string]any{"additionalArguments": `{"SSM_more":"much"}`}), statusSuccess, "Successfully installed p 1.0", "install 1 much")
	did("install again", order(nil), statusSuccess, "p 1.0 is already installed", "")
	w.publish("p", "2.0", true, packed(t, scripts("2", "")))
	did("the next version", order(nil), statusSuccess, "Successfully installed p 2.0", "uninstall 1 install 2")
	did("a pinned version", order(map[string]any{"version": "1.0"}), statusSuccess, "Successfully installed p 1.0", "uninstall 2 install 1")
	did("in place", order(map[string]any{"installationType": "In-place update"}), statusSuccess, "Successfully installed p 2.0", "update 2")
	w.publish("p", "3.0", true, packed(t, scripts("3", "exit 7\n")))
	did("one that does not install", order(nil), statusFailed, "successfully rolled back to p 2.0", "uninstall 2 install 3 install 2")
	did("another version is not there to be removed", order(map[string]any{"action": "Uninstall", "version": "9"}), statusSuccess, "version: 9 is not installed", "")
	did("uninstall", order(map[string]any{"action": "Uninstall"}), statusSuccess, "Successfully uninstalled p 2.0", "uninstall 2")
	did("uninstall again", order(map[string]any{"action": "Uninstall"}), statusSuccess, "p is not installed", "")
	w.mu.Lock()
	w.files["/1.0.zip"] = "changed on the way"
	w.mu.Unlock()
	did("a wrong digest", order(map[string]any{"version": "1.0"}), statusFailed, "failed to verify 1.0.zip", "")
	w.publish("p", "4.0", true, packed(t, map[string]string{"../../install.sh": "x"}))
	did("an archive that leads out", order(nil), statusFailed, "leads out of its folder", "")
	w.publish("p", "5.0", true, packed(t, map[string]string{"install.sh@": "/bin/true"}))
	did("an archive with links", order(nil), statusFailed, "no plain file", "")
	w.publish("p", "6.0", true, "no archive")
	did("no archive", order(nil), statusFailed, "failed to extract", "")
	w.publish("p", "7.0", true, packed(t, map[string]string{"readme": "x"}))
	did("no script", order(nil), statusFailed, "no script install.sh", "")
	did("no such package", order(map[string]any{"name": "none"}), statusFailed, "failed to retrieve package document", "")
	did("an unknown action", order(map[string]any{"action": "Burn"}), statusFailed, "unsupported action: Burn", "")
	did("arguments without their prefix", order(map[string]any{"additionalArguments": `{"PATH":"x"}`}), statusFailed, `keys need to start with "SSM_"`, "")
}

func TestManifestPicksTheBestFile(t *testing.T) {
	text := `{"schemaVersion":"2.0","version":"1","packages":{
		"debian":{"12":{"x86_64":{"file":"a.zip"}},"11.*":{"_any":{"file":"b.zip"}},"_any":{"_any":{"file":"c.zip"}}},
		"ubuntu":{"24.*":{"arm64":{"file":"d.zip"}}}},"files":{`
	for i, name := range []string{"a", "b", "c", "d"} {
		if i > 0 {
			text += ","
		}
		text += `"` + name + `.zip":{"checksums":{"sha256":"` + strings.Repeat("0", 64) + `"}}`
	}
	m, err := readManifest(text + "}}")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ platform, version, arch, want string }{
		{"debian", "12", "x86_64", "a.zip"},
		{"debian", "12", "arm64", ""},
		{"debian", "11.4", "arm64", "b.zip"},
		{"debian", "11", "arm64", "b.zip"},
		{"debian", "110", "arm64", "c.zip"},
		{"ubuntu", "24.04", "arm64", "d.zip"},
		{"ubuntu", "22.04", "arm64", ""},
		{"fedora", "40", "x86_64", ""},
	} {
		if got, err := m.pick(row.platform, row.version, row.arch); got != row.want || (err == nil) != (row.want != "") {
			t.Errorf("%+v: got %s, %v", row, got, err)
		}
	}
}

func TestUpdateOfTheAgent(t *testing.T) {
	a, w := worldly(t)
	a.cfg.Version, a.cfg.Program = "0.9.0.0", filepath.Join(t.TempDir(), "agent")
	if err := os.WriteFile(a.cfg.Program, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	file := runtime.GOOS + "-" + runtime.GOARCH
	offer := func(version, program, digestOf string) {
		sum := sha256.Sum256([]byte(digestOf))
		w.mu.Lock()
		defer w.mu.Unlock()
		w.files["/_tamachi/agent/"+file] = program
		w.files["/_tamachi/agent/release.json"] = fmt.Sprintf(`{"Version":"%s","Files":{"%s":{"Sha256":"%s"}}}`, version, file, hex.EncodeToString(sum[:]))
	}
	update := func(more map[string]any) outcome { return plug(t, a, t.TempDir(), "aws:updateSsmAgent", more) }
	program := func() string {
		b, _ := os.ReadFile(a.cfg.Program)
		return string(b)
	}
	offer("0.8.0.0", "older", "older")
	if got := update(nil); got.Status != statusFailed || !strings.Contains(got.Stderr, "allowDowngrade is not set") {
		t.Errorf("a downgrade: got %+v", got)
	}
	offer("1.0.0.0", "forged", "new")
	if got := update(nil); got.Status != statusFailed || !strings.Contains(got.Stderr, "the sha256 of the new program") || program() != "old" {
		t.Errorf("a wrong digest: got %+v and %q", got, program())
	}
	offer("1.0.0.0", "new", "new")
	if got := update(map[string]any{"targetVersion": "2.0.0.0"}); got.Status != statusFailed || !strings.Contains(got.Stderr, "unsupported") {
		t.Errorf("a version that nobody has: got %+v", got)
	}
	job := accepted(t, a, "aws.ssm.c.mi-0", orderOf(`{"schemaVersion":"1.2","runtimeConfig":{"aws:updateSsmAgent":{"properties":{"agentName":"amazon-ssm-agent"}}}}`, `{}`))
	a.perform(t.Context(), job)
	if program() != "new" || a.jobs.wants() != restartAgent {
		t.Fatalf("the program is %q and %q is wanted", program(), a.jobs.wants())
	}
	if err := a.keepRestart(t.Context()); err != ErrRestart { //nolint:errorlint // exactly this
		t.Errorf("got %v", err)
	}
	a.cfg.Version = "1.0.0.0" // as the new one is
	b := restarted(t, a)
	b.perform(t.Context(), <-b.jobs.queue)
	replies := b.outbox.unacknowledged()
	if status, steps := statusOf(t, replies[len(replies)-1]); status != statusSuccess || !strings.Contains(steps["aws:updateSsmAgent"].StandardOutput, "1.0.0.0 is up to date") {
		t.Errorf("got %s with %+v", status, steps)
	}
}

func TestDocker(t *testing.T) {
	a := bench(t)
	a.cfg.Environment = []string{"PATH=" + t.TempDir()}
	for _, row := range []struct {
		name, plugin string
		inputs       map[string]any
		status, says string
	}{
		{"nothing is installed", "aws:configureDocker", map[string]any{"action": "Install"}, statusFailed, "Docker is not on this node"},
		{"nothing is there to be removed", "aws:configureDocker", map[string]any{"action": "Uninstall"}, statusSuccess, "not installed"},
		{"an action without docker", "aws:runDockerAction", map[string]any{"action": "Ps"}, statusFailed, "Docker is not on this node"},
		{"an unknown action", "aws:runDockerAction", map[string]any{"action": "Sing"}, statusFailed, "unsupported value: Sing"},
	} {
		if got := plug(t, a, t.TempDir(), row.plugin, row.inputs); got.Status != row.status || !strings.Contains(got.Stdout+got.Stderr, row.says) {
			t.Errorf("%s: got %+v", row.name, got)
		}
	}
	fake := filepath.Join(strings.TrimPrefix(a.cfg.Environment[0], "PATH="), "docker")
	if err := os.WriteFile(fake, []byte("#!/bin/sh\necho \"$@\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		inputs map[string]any
		want   string
	}{
		{map[string]any{"action": "Run", "image": "debian", "cmd": "echo hi", "volume": []any{"/a:/b"}, "env": "A=b"}, "run --detach --volume=/a:/b --env=A=b debian echo hi\n"},
		{map[string]any{"action": "Exec", "container": "c", "cmd": "id", "user": "u"}, "exec --user=u c id\n"},
		{map[string]any{"action": "Inspect", "image": "i"}, "inspect i\n"},
		{map[string]any{"action": "Ps"}, "ps\n"},
	} {
		if got := plug(t, a, t.TempDir(), "aws:runDockerAction", row.inputs); got.Stdout != row.want {
			t.Errorf("%v: got %+v, want %q", row.inputs, got, row.want)
		}
	}
	if got := plug(t, a, t.TempDir(), "aws:runDockerAction", map[string]any{"action": "Stop", "container": "--all"}); got.Status != statusFailed {
		t.Errorf("a container that is an option: got %+v", got)
	}
}
