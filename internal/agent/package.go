package agent

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// The states of a package on this node.
const (
	packageInstalled = "Installed"
	packageFailed    = "Failed"
)

// installed is what is known of a package on this node. Its files are in the
// folder named by Files, below the package's.
type installed struct {
	Name    string
	Version string // the manifest's
	State   string
	Files   string
	Sha256  string // of the archive
}

// order of aws:configurePackage.
type packageOrder struct {
	Action, Name, Version string
	InPlace               bool
	Env                   []string
}

// configurePackage is aws:configurePackage. Sources: User Guide, "Command
// document plugin reference"; the wording is the SSM Agent's.
func configurePackage(ctx context.Context, a *agent, t *task) outcome {
	o, err := readPackageOrder(t)
	if err != nil {
		return failedWith("invalid input: %v", err)
	}
	a.packages.Lock() // one package after another, as package managers want it
	defer a.packages.Unlock()
	if context.Cause(ctx) != nil {
		return interrupted(context.Cause(ctx))
	}
	w := &packageWork{a: a, t: t, order: o}
	if o.Action == "Uninstall" {
		return w.uninstall(ctx)
	}
	return w.install(ctx)
}

func readPackageOrder(t *task) (packageOrder, error) {
	o := packageOrder{
		Action: t.text("action"), Name: strings.TrimSpace(t.text("name")), Version: strings.TrimSpace(t.text("version")),
		InPlace: t.text("installationType") == "In-place update",
	}
	switch {
	case t.text("source") != "":
		return o, errors.New("source parameter is not supported in this version")
	case o.Name == "":
		return o, errors.New("empty name field")
	case o.Action != "Install" && o.Action != "Uninstall":
		return o, fmt.Errorf("unsupported action: %s", o.Action)
	}
	if strings.EqualFold(o.Version, "latest") {
		o.Version = ""
	}
	text, ok := t.Inputs["additionalArguments"].(string)
	if !ok || text == "" {
		return o, nil
	}
	var arguments map[string]string
	if err := json.Unmarshal([]byte(text), &arguments); err != nil {
		return o, errors.New("unable to unmarshal additional arguments from input")
	}
	for key, value := range arguments {
		if !strings.HasPrefix(key, "SSM_") || strings.ContainsAny(key, "=\x00") {
			return o, errors.New(`keys need to start with "SSM_" prefix in additional arguments from input`)
		}
		o.Env = append(o.Env, key+"="+strings.ReplaceAll(value, "\x00", ""))
	}
	slices.Sort(o.Env)
	return o, nil
}

// packageWork is one order on its way.
type packageWork struct {
	a     *agent
	t     *task
	order packageOrder
	out   outcome
}

func (w *packageWork) say(format string, args ...any) {
	w.out.Stdout += fmt.Sprintf(format, args...) + "\n"
}

func (w *packageWork) fail(format string, args ...any) outcome {
	w.out.fail(fmt.Sprintf(format, args...))
	return w.out
}

// folder is where a package lives; its name comes from outside.
func (w *packageWork) folder(name string) string {
	sum := sha256.Sum256([]byte(name))
	return filepath.Join(w.a.cfg.Folder, "packages", hex.EncodeToString(sum[:16]))
}

func (w *packageWork) known(name string) (installed, error) {
	var have installed
	err := readFile(filepath.Join(w.folder(name), "package.json"), &have)
	if errors.Is(err, fs.ErrNotExist) {
		return installed{}, nil
	}
	return have, err
}

func (w *packageWork) note(i installed) error {
	return writeFile(filepath.Join(w.folder(i.Name), "package.json"), i)
}

func (w *packageWork) install(ctx context.Context) outcome {
	d, err := w.document(ctx)
	if err != nil {
		return w.fail("%v", err)
	}
	m, err := readManifest(d.Content)
	if err != nil {
		return w.fail("%v", err)
	}
	file, err := m.pick(platformKey(readPlatform().id), readPlatform().version, architecture())
	if err != nil {
		return w.fail("%v", err)
	}
	have, err := w.known(d.Name)
	if err != nil {
		return w.fail("%v", err)
	}
	sum := strings.ToLower(m.Files[file].Checksums["sha256"])
	if have.State == packageInstalled && have.Version == m.Version && have.Sha256 == sum {
		w.say("%s %s is already installed", d.Name, m.Version)
		w.out.Status = statusSuccess
		return w.out
	}
	next := installed{Name: d.Name, Version: m.Version, Files: "v-" + sum[:16], Sha256: sum}
	if err := w.download(ctx, d, file, sum, filepath.Join(w.folder(d.Name), next.Files)); err != nil {
		if context.Cause(ctx) != nil {
			return interrupted(context.Cause(ctx))
		}
		return w.fail("%v", err)
	}
	return w.replace(ctx, have, next)
}

// replace brings the next version in, in the place of the one that is there.
func (w *packageWork) replace(ctx context.Context, have, next installed) outcome {
	action := "install"
	if have.State == packageInstalled {
		if w.order.InPlace {
			action = "update"
		} else if !w.script(ctx, have, "uninstall") {
			return w.fail("Failed to uninstall %s %s", have.Name, have.Version)
		}
	}
	done := w.script(ctx, next, action)
	if w.out.Again != restartNothing {
		return w.out
	}
	if done {
		next.State = packageInstalled
		if err := w.note(next); err != nil {
			return w.fail("%v", err)
		}
		w.sweep(next)
		w.say("Successfully installed %s %s", next.Name, next.Version)
		w.out.Status = statusSuccess
		return w.out
	}
	next.State = packageFailed
	back := have.State == packageInstalled && action == "install" && context.Cause(ctx) == nil && w.script(ctx, have, "install")
	if back {
		next = have
		w.say("Failed to install %s %s, successfully rolled back to %s %s", next.Name, next.Version, have.Name, have.Version)
	}
	if err := w.note(next); err != nil {
		return w.fail("%v", err)
	}
	return w.fail("Failed to install package; install status Failed")
}

func (w *packageWork) uninstall(ctx context.Context) outcome {
	// What is installed is known here; the document may be gone already.
	name, _ := splitVersion(w.order.Name)
	have, err := w.known(name)
	if err != nil {
		return w.fail("%v", err)
	}
	if have.State == "" || have.State == packageFailed && have.Files == "" {
		w.say("%s is not installed", name)
		w.out.Status = statusSuccess
		return w.out
	}
	if v := w.order.Version; v != "" && v != have.Version {
		w.say("version: %s is not installed", v)
		w.out.Status = statusSuccess
		return w.out
	}
	if !w.script(ctx, have, "uninstall") {
		if w.out.Again != restartNothing {
			return w.out
		}
		return w.fail("Failed to uninstall %s %s", have.Name, have.Version)
	}
	if err := os.RemoveAll(w.folder(name)); err != nil {
		return w.fail("%v", err)
	}
	w.say("Successfully uninstalled %s %s", have.Name, have.Version)
	w.out.Status = statusSuccess
	return w.out
}

// document gets the package's manifest with the places of its files.
func (w *packageWork) document(ctx context.Context) (storedDocument, error) {
	in := map[string]string{"Name": w.order.Name}
	if w.order.Version != "" {
		in["VersionName"] = w.order.Version
	}
	var d storedDocument
	if err := w.a.ask(ctx, "AmazonSSM.GetDocument", in, &d); err != nil {
		return d, fmt.Errorf("failed to retrieve package document: %w", err)
	}
	if d.DocumentType != "Package" {
		return d, fmt.Errorf("%s is a document of the type %s, not a package", w.order.Name, d.DocumentType)
	}
	if d.Status != "Active" {
		return d, fmt.Errorf("package document is not currently active, kindly retry when the status is active. Current document status - %s", d.Status)
	}
	return d, nil
}

// attachment is a file of a document and where it is to be had.
type attachment struct{ Name, Url, Hash, HashType string } //nolint:revive // the wire's name

// download gets an archive, holds it against its digest and extracts it.
func (w *packageWork) download(ctx context.Context, d storedDocument, file, sum, to string) error {
	at := slices.IndexFunc(d.AttachmentsContent, func(one attachment) bool { return one.Name == file })
	if at < 0 {
		return errors.New("Install attachments for package does not exist") //nolint:staticcheck // the SSM Agent's words
	}
	from, err := url.Parse(d.AttachmentsContent[at].Url)
	if err != nil || from.Scheme != "https" {
		return fmt.Errorf("the place of %s is no https URL", file)
	}
	body, err := w.a.fetch(ctx, from, "", "")
	if err != nil {
		return fmt.Errorf("failed to download %s: %w", file, err)
	}
	defer body.Close()
	archive, err := os.CreateTemp(w.t.Folder, "package-")
	if err != nil {
		return err
	}
	defer os.Remove(archive.Name())
	defer archive.Close()
	digest := sha256.New()
	n, err := io.Copy(io.MultiWriter(archive, digest), io.LimitReader(body, mostDownload+1))
	if err != nil {
		return fmt.Errorf("failed to download %s: %w", file, err)
	}
	if n > mostDownload {
		return errTooLarge
	}
	if got := hex.EncodeToString(digest.Sum(nil)); got != sum {
		return fmt.Errorf("failed to verify %s: its sha256 is %s, not %s", file, got, sum)
	}
	r, err := zip.NewReader(archive, n)
	if err != nil {
		return fmt.Errorf("failed to extract package installer package %s: %w", file, err)
	}
	if err := os.RemoveAll(to); err != nil { // a broken attempt
		return err
	}
	if err := unzip(r, to); err != nil {
		return fmt.Errorf("failed to extract package installer package %s: %w", file, err)
	}
	return nil
}

// script runs a script of a package in its folder; true when it succeeded.
func (w *packageWork) script(ctx context.Context, p installed, action string) bool {
	folder := filepath.Join(w.folder(p.Name), p.Files)
	path := filepath.Join(folder, action+".sh")
	if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
		why := fmt.Sprintf("the package has no script %s.sh", action)
		if action == "update" {
			why = "missing update script required for in-place update\nPlease create a Distributor package with update script and retry the install with 'In-place update' installation type, or choose 'Uninstall and reinstall' installation type"
		}
		w.out.fail(why)
		return false
	}
	w.say("Initiating %s %s %s", p.Name, p.Version, action)
	run := *w.t
	platform := readPlatform()
	run.Env = slices.Concat(w.t.Env, []string{
		"BWS_ACTION_NAME=" + action, "BWS_PLATFORM_NAME=" + platformKey(platform.id), "BWS_PLATFORM_VERSION=" + platform.version,
		"BWS_ARCHITECTURE=" + architecture(), "BWS_INSTANCE_ID=" + w.a.id.Node, "BWS_REGION=" + w.a.cfg.Region,
	}, w.order.Env)
	got := w.a.execute(ctx, &run, folder, "/bin/sh", action+".sh")
	w.out.Stdout = clip(joined(w.out.Stdout, got.Stdout), mostStdout)
	w.out.Stderr = clip(joined(w.out.Stderr, got.Stderr), mostStderr)
	w.out.Status, w.out.Code, w.out.Again = got.Status, got.Code, got.Again
	return got.Status == statusSuccess
}

// sweep removes the files of other versions.
func (w *packageWork) sweep(keep installed) {
	entries, err := os.ReadDir(w.folder(keep.Name))
	if err != nil {
		return
	}
	for _, e := range entries {
		if e.IsDir() && e.Name() != keep.Files {
			_ = os.RemoveAll(filepath.Join(w.folder(keep.Name), e.Name())) // it does no harm
		}
	}
}
