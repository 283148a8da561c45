package house

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"reflect"
	"strings"
	"sync"

	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/wire"
)

// tally stands between the front door and the gate of a plane under test and
// notes which rows a client tried over a socket, and how it ended. `make test`
// reads the notes of all planes and fails for a row that nobody tried.
//
// It writes one line a fact, each once: "ssm PutParameter ok", "ssm
// PutParameter ParameterAlreadyExists", and "ssm PutParameter seen" when a
// later call showed something of what a change was about, or a later read asked
// for it: what was deleted can be seen in no other way.
type tally struct {
	wire.Gate
	file *os.File

	mu      sync.Mutex
	noted   map[string]bool // guarded by mu
	changes []change        // guarded by mu; not seen yet, oldest first
}

// change is a call that changed state, and the texts it was about.
type change struct {
	row   string
	words map[string]bool
}

// maxChanges bounds what is remembered of changes that nothing showed yet.
const maxChanges = 4000

func openTally(gate wire.Gate, path string) (*tally, error) {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	return &tally{Gate: gate, file: f, noted: map[string]bool{}}, nil
}

// Do runs the call and notes its end.
func (t *tally) Do(ctx context.Context, call *api.Call, in any) (any, error) {
	row, _ := t.Row(call.Service, call.Operation)
	asked := words(in) // before the operation, which may read a body
	out, err := t.Gate.Do(ctx, call, in)
	if row == nil {
		return out, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(asked, call.Account)
	line := call.Service + " " + call.Operation
	if err != nil {
		t.note(line + " " + code(err))
		told := words(err)
		if looks(row) && !strings.HasPrefix(code(err), "AccessDenied") && code(err) != "UnauthorizedOperation" && code(err) != "AuthorizationError" {
			maps.Copy(told, asked)
		}
		t.show(line, told)
		return out, err
	}
	t.note(line + " ok")
	told := words(out)
	if looks(row) {
		maps.Copy(told, asked)
	}
	delete(told, call.Account)
	delete(told, call.Region)
	t.show(line, told)
	if changes(row) {
		maps.Copy(asked, told)
		t.changes = append(t.changes, change{line, asked})
		if len(t.changes) > maxChanges {
			t.changes = t.changes[1:]
		}
	}
	return out, nil
}

// show notes the earlier changes that an answer tells of.
func (t *tally) show(row string, told map[string]bool) {
	kept := t.changes[:0]
	for _, c := range t.changes {
		if c.row != row && share(c.words, told) {
			t.note(c.row + " seen")
			continue
		}
		kept = append(kept, c)
	}
	t.changes = kept
}

func (t *tally) note(line string) {
	if t.noted[line] {
		return
	}
	t.noted[line] = true
	_, _ = t.file.WriteString(line + "\n") // a missing line fails the count
}

func code(err error) string {
	if fault, ok := errors.AsType[smithy.APIError](err); ok {
		return fault.ErrorCode()
	}
	return "InternalFailure"
}

// looks tells which rows only read.
func looks(row *api.Operation) bool {
	return row.Kind == api.KindRead || row.Kind == api.KindData && !changes(row)
}

// changes tells which rows change state.
func changes(row *api.Operation) bool {
	if row.Kind != api.KindData {
		return row.Kind.Writes()
	}
	for _, verb := range []string{"Put", "Create", "Delete", "Upload", "Copy", "Complete", "Abort"} {
		if strings.HasPrefix(row.Name, verb) {
			return true
		}
	}
	return false
}

func share(a, b map[string]bool) bool {
	for w := range b {
		if a[w] {
			return true
		}
	}
	return false
}

// shortest is the length of a text that identifies something.
const shortest = 3

// words are the texts in a value, an error's message cut into its words.
func words(v any) map[string]bool {
	found := map[string]bool{}
	if err, ok := v.(error); ok {
		for _, w := range strings.FieldsFunc(err.Error(), func(r rune) bool { return strings.ContainsRune(" '\",()", r) }) {
			if len(w) >= shortest {
				found[strings.TrimSuffix(w, ".")] = true
			}
		}
		return found
	}
	gather(reflect.ValueOf(v), found)
	return found
}

// name keeps a text and, of an ARN, the id of the resource.
func name(s string, into map[string]bool) {
	if len(s) < shortest {
		return
	}
	into[s] = true
	if parts := strings.SplitN(s, ":", 6); len(parts) == 6 && parts[0] == "arn" {
		for part := range strings.FieldsFuncSeq(parts[5], func(r rune) bool { return r == '/' || r == ':' }) {
			if len(part) >= shortest {
				into[part] = true
			}
		}
	}
}

func gather(v reflect.Value, into map[string]bool) {
	switch v.Kind() {
	case reflect.Pointer:
		gather(v.Elem(), into)
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() { // enums tell nothing
			name(v.String(), into)
		}
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			if b, err := json.Marshal(v.Interface()); err == nil && len(b) >= shortest {
				into[string(b)] = true
			}
			return
		}
		for i := range v.Len() {
			gather(v.Index(i), into)
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			gather(it.Key(), into)
			gather(it.Value(), into)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				gather(v.Field(i), into)
			}
		}
	}
}
