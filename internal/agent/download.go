package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// downloadContent is aws:downloadContent. Source: User Guide, "Command document
// plugin reference".
func downloadContent(ctx context.Context, a *agent, t *task) outcome {
	info, err := readSource(t.Inputs)
	if err != nil {
		return failedWith("invalid input: %v", err)
	}
	if err := a.reveal(ctx, &info); err != nil {
		return failedWith("%v", err)
	}
	to := t.text("destinationPath")
	folder := to == "" || strings.HasSuffix(to, "/")
	to = cmpPath(t.downloads(), t.place(to))
	if stat, err := os.Stat(to); err == nil && stat.IsDir() {
		folder = true
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return failedWith("%v", err)
	}
	switch info.Type {
	case "S3":
		err = a.downloadS3(ctx, info, to, folder)
	case "HTTP":
		err = a.downloadHTTP(ctx, info, to, folder)
	case "SSMDocument":
		err = a.downloadDocument(ctx, info, to, folder)
	case "Git", "GitHub":
		err = a.downloadGit(ctx, t, info, to)
	}
	if err != nil {
		if context.Cause(ctx) != nil {
			return interrupted(context.Cause(ctx))
		}
		return failedWith("%v", err)
	}
	return succeeded("Content downloaded to %s\n", to)
}

func cmpPath(fallback, path string) string {
	if path == "" {
		return fallback
	}
	return path
}

// source says where content comes from.
type source struct {
	Type string `json:"-"`

	Path string `json:"path"` // S3: the object's or folder's URL; GitHub: inside the repository
	Name string `json:"name"` // SSMDocument: a name, an ARN, with :version

	URL      string `json:"url"` // HTTP
	Auth     string `json:"authMethod"`
	User     string `json:"username"`
	Password string `json:"password"` // secret: never in an error
	Insecure any    `json:"allowInsecureDownload"`

	Owner      string `json:"owner"` // GitHub
	Repository string `json:"repository"`
	Options    string `json:"getOptions"`
	Token      string `json:"tokenInfo"`
	Key        string `json:"privateSSHKey"`
	Unchecked  any    `json:"skipHostKeyChecking"`
}

// readSource reads sourceType and sourceInfo, which is an object or its JSON.
func readSource(inputs map[string]any) (source, error) {
	info := source{}
	text, _ := inputs["sourceInfo"].(string)
	if _, ok := inputs["sourceInfo"].(map[string]any); ok {
		text = written(inputs["sourceInfo"])
	}
	info.Type, _ = inputs["sourceType"].(string)
	switch info.Type {
	case "":
		return info, errors.New("SourceType must be specified")
	case "S3", "HTTP", "SSMDocument", "Git", "GitHub":
	default:
		return info, errors.New("Unsupported source type") //nolint:staticcheck // the SSM Agent's words
	}
	if strings.TrimSpace(text) == "" {
		return info, errors.New("SourceInfo must be specified")
	}
	if err := json.Unmarshal([]byte(text), &info); err != nil {
		return info, errors.New("SourceInfo is no JSON object of texts") // its text may hold a password
	}
	var missing string
	switch {
	case info.Type == "S3" && info.Path == "":
		missing = "S3 source path in SourceType"
	case info.Type == "HTTP" && info.URL == "":
		missing = "URL"
	case info.Type == "SSMDocument" && info.Name == "":
		missing = "SSM Document name in SourceType"
	case info.Type == "Git" && info.Repository == "":
		missing = "Git repository"
	case info.Type == "GitHub" && (info.Owner == "" || info.Repository == ""):
		missing = "Owner and repository for GitHub SourceType"
	}
	if missing != "" {
		return info, fmt.Errorf("%s must be specified", missing)
	}
	return info, nil
}

// place of an object of S3.
type object struct{ bucket, key string }

// readObjectURL reads the URL of an object in either style. Source: Amazon S3
// User Guide, "Virtual hosting of buckets".
func readObjectURL(text string) (object, error) {
	bad := fmt.Errorf("%q is no URL of an object in S3", text)
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.Path == "" {
		return object{}, bad
	}
	o := object{key: strings.TrimPrefix(u.Path, "/")}
	first, _, _ := strings.Cut(u.Hostname(), ".")
	if first == "s3" || strings.HasPrefix(first, "s3-") {
		o.bucket, o.key, _ = strings.Cut(o.key, "/")
	} else {
		at := strings.LastIndex(u.Hostname(), ".s3.")
		if at < 0 {
			at = strings.LastIndex(u.Hostname(), ".s3-")
		}
		if at < 0 {
			return object{}, bad
		}
		o.bucket = u.Hostname()[:at]
	}
	if o.bucket == "" || o.key == "" || strings.Contains(o.key, "\x00") {
		return object{}, bad
	}
	return o, nil
}

// downloadS3 gets an object, or all that is below a folder.
func (a *agent) downloadS3(ctx context.Context, info source, to string, folder bool) error {
	from, err := readObjectURL(info.Path)
	if err != nil {
		return err
	}
	if !strings.HasSuffix(from.key, "/") {
		single := to
		if folder {
			single = filepath.Join(to, path.Base(from.key))
		}
		err := a.getFile(ctx, from.bucket, from.key, single)
		no := (*refusal)(nil)
		if err == nil || !errors.As(err, &no) {
			return err
		}
		if more := a.downloadFolder(ctx, from, to); more == nil {
			return nil
		}
		return err // the object's refusal tells more
	}
	return a.downloadFolder(ctx, from, to)
}

func (a *agent) downloadFolder(ctx context.Context, from object, to string) error {
	prefix := strings.TrimSuffix(from.key, "/") + "/"
	keys, err := a.listObjects(ctx, from.bucket, prefix)
	if err != nil {
		return err
	}
	if len(keys) == 0 {
		return fmt.Errorf("there is nothing in s3://%s/%s", from.bucket, prefix)
	}
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(to) // keys are strangers' words: nothing is written outside
	if err != nil {
		return err
	}
	defer root.Close()
	for _, key := range keys {
		name := strings.TrimPrefix(key, prefix)
		if name == "" || strings.HasSuffix(name, "/") {
			continue
		}
		if !filepath.IsLocal(name) {
			return fmt.Errorf("the key %q leads out of the folder", key)
		}
		body, err := a.getObject(ctx, from.bucket, key)
		if err != nil {
			return err
		}
		err = writeBelow(root, name, 0o755, body, mostDownload)
		body.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *agent) getFile(ctx context.Context, bucket, key, to string) error {
	body, err := a.getObject(ctx, bucket, key)
	if err != nil {
		return err
	}
	defer body.Close()
	return saveFile(to, body)
}

// mostDownload bounds what is fetched of one file.
const mostDownload = 8 << 30

var errTooLarge = errors.New("the content is larger than this agent takes")

// saveFile writes a stream to a file that scripts may run.
func saveFile(to string, from io.Reader) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(filepath.Dir(to))
	if err != nil {
		return err
	}
	defer root.Close()
	return writeBelow(root, filepath.Base(to), 0o755, from, mostDownload)
}

// writeBelow writes a file below a root, which no name and no link leaves.
func writeBelow(root *os.Root, name string, mode fs.FileMode, from io.Reader, most int64) error {
	if dir := filepath.Dir(name); dir != "." {
		if err := root.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return err
	}
	n, err := io.Copy(f, io.LimitReader(from, most+1))
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil && n > most {
		err = errTooLarge
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// downloadDocument gets a document of Systems Manager.
func (a *agent) downloadDocument(ctx context.Context, info source, to string, folder bool) error {
	d, err := a.getDocument(ctx, info.Name)
	if err != nil {
		return err
	}
	if folder {
		to = filepath.Join(to, path.Base(strings.TrimPrefix(d.Name, "/"))+".json")
	}
	return saveFile(to, strings.NewReader(d.Content))
}
