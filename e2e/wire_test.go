package e2e

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/rogpeppe/go-internal/testscript"

	"tamachi/internal/clock"
	"tamachi/internal/store"
)

// wireWords speak to the plane without a client that would check or mend what
// they send:
//
//	raw SERVICE TARGET BODY [HOW...]   POST a signed request; stdout is the status and the body.
//	                                   HOW: wrong-secret, unknown-key, expired, unsigned, zeros=N (body of N zeros)
//	storm WS FILE                      two callers tag a desktop again and again; in the midst of it
//	                                   kill -9 the plane; FILE has what was answered
//	holds FILE                         each line of FILE is in the last stdout
//	foreign WS NEW ACCOUNT             while the plane does not run: copy a desktop's record into
//	                                   another account, straight into the store
var wireWords = map[string]word{
	"raw":     wordRaw,
	"storm":   wordStorm,
	"holds":   wordHolds,
	"foreign": wordForeign,
}

func wordRaw(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: raw SERVICE TARGET BODY [HOW...]")
	}
	res, err := post(ts, args[0], args[1], args[2], args[3:]...)
	ts.Check(err)
	fmt.Fprintf(ts.Stdout(), "%d\n%s\n", res.status, res.body)
}

type answer struct {
	status  int
	body    string
	request string // its id
}

func post(ts *testscript.TestScript, service, target, body string, how ...string) (answer, error) {
	creds := aws.Credentials{AccessKeyID: ts.Getenv("AWS_ACCESS_KEY_ID"), SecretAccessKey: ts.Getenv("AWS_SECRET_ACCESS_KEY")}
	when, signed := time.Now(), true
	for _, h := range how {
		name, value, _ := strings.Cut(h, "=")
		switch name {
		case "wrong-secret":
			creds.SecretAccessKey += "x"
		case "unknown-key":
			creds.AccessKeyID = "AKIAIOSFODNN7EXAMPLE"
		case "expired":
			when = when.Add(-20 * time.Minute)
		case "unsigned":
			signed = false
		case "zeros":
			n, err := strconv.Atoi(value)
			ts.Check(err)
			body = strings.Repeat("0", n)
		default:
			ts.Fatalf("raw: unknown way %q", h)
		}
	}
	req, err := http.NewRequest(http.MethodPost, ts.Getenv("AWS_ENDPOINT_URL")+"/", bytes.NewReader([]byte(body)))
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	req.Header.Set("X-Amz-Target", target)
	if signed {
		sum := sha256.Sum256([]byte(body))
		err := v4.NewSigner().SignHTTP(req.Context(), creds, req, hex.EncodeToString(sum[:]), service, ts.Getenv("AWS_REGION"), when)
		if err != nil {
			return answer{}, err
		}
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return answer{res.StatusCode, string(text), res.Header.Get("X-Amzn-Requestid")}, err
}

// enough is after how many answers the storm ends.
const enough = 20

func wordStorm(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: storm WS FILE")
	}
	var mu sync.Mutex
	var answered []string // guarded by mu; tags and request ids
	var wrong error       // guarded by mu
	var callers sync.WaitGroup
	reached := sync.OnceFunc(func() { _ = planeOf(ts).cmd.Process.Signal(syscall.SIGKILL) })
	for caller := range 2 {
		callers.Go(func() {
			for n := range enough { // a resource has 50 tags at most
				tag := fmt.Sprintf("storm-%d-%d", caller, n)
				res, err := post(ts, "workspaces", "WorkspacesService.CreateTags",
					`{"ResourceId":"`+args[0]+`","Tags":[{"Key":"`+tag+`","Value":"x"}]}`)
				if err != nil {
					return // the plane is gone, and this call was not answered
				}
				mu.Lock()
				if res.status != 200 || res.request == "" {
					wrong = fmt.Errorf("%d %q %s", res.status, res.request, res.body)
				}
				answered = append(answered, tag, res.request)
				full := len(answered) >= 2*enough
				mu.Unlock()
				if full {
					reached()
				}
			}
		})
	}
	callers.Wait()
	_ = planeOf(ts).end(syscall.SIGKILL)
	ts.Check(wrong)
	if len(answered) < 2*enough || len(answered) == 4*enough {
		ts.Fatalf("the storm had %d answers of %d, and was to be broken off at %d", len(answered)/2, 2*enough, enough)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(strings.Join(answered, "\n")+"\n"), 0o600))
}

func wordHolds(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: holds FILE")
	}
	got := ts.ReadFile("stdout")
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		if line = strings.TrimSpace(line); !strings.Contains(got, line) {
			ts.Fatalf("%s is missing in\n%s", line, got)
		}
	}
}

// desktops is the workspaces room's table, with its records as they are.
var desktops = store.Table[map[string]any]{
	Name: "workspaces.desktops", Reach: store.Regional,
	Key: func(r *map[string]any) string { return (*r)["ID"].(string) },
	Indexes: map[string]func(*map[string]any) string{
		"directory": func(r *map[string]any) string { return (*r)["DirectoryID"].(string) },
		"user": func(r *map[string]any) string {
			return (*r)["DirectoryID"].(string) + "/" + strings.ToLower((*r)["UserName"].(string))
		},
		"bundle": func(r *map[string]any) string { return (*r)["BundleID"].(string) },
		"name":   func(r *map[string]any) string { return strings.ToLower((*r)["UserName"].(string)) },
	},
}

func wordForeign(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: foreign WS NEW ACCOUNT")
	}
	ctx := context.Background()
	st, err := store.Open(ctx, store.Options{Path: filepath.Join(planeOf(ts).data, "tamachi.db"), Clock: clock.Real{}}, &desktops)
	ts.Check(err)
	err = st.Update(ctx, func(tx *store.Tx) error {
		rows, err := desktops.Everywhere(tx, "", "")
		if err != nil {
			return err
		}
		for _, row := range rows {
			if r := *row.Record; r["ID"] == args[0] {
				r["ID"], r["State"] = args[1], "STOPPED"
				return desktops.Put(tx, store.In(args[2], row.Scope.Region), &r)
			}
		}
		return fmt.Errorf("no desktop %s in the store", args[0])
	})
	ts.Check(errors.Join(err, st.Close()))
}
