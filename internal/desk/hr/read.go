package hr

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"
)

// The limits of a feed.
const (
	maxFeed   = 64 << 20
	maxPeople = 200_000
	maxCell   = 400
)

// Feed is everybody of a file.
type Feed struct {
	People []Person

	byAccount map[string]int // small letters; the place in People
}

// Open reads the feed of a file; "-" is in.
func Open(path string, in io.Reader) (*Feed, error) {
	if path == "-" {
		return Read(in)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the HR feed: %w", err)
	}
	defer f.Close()
	feed, err := Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return feed, nil
}

// Read reads a feed of either form: JSON begins with [ or {, everything else is
// CSV.
func Read(r io.Reader) (*Feed, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxFeed+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the HR feed: %w", err)
	case len(b) > maxFeed:
		return nil, fmt.Errorf("the HR feed is over %d bytes", maxFeed)
	}
	b = bytes.TrimPrefix(b, []byte("\ufeff")) // spreadsheets write it
	if !utf8.Valid(b) {
		return nil, errors.New("the HR feed is not UTF-8: save it as \"CSV UTF-8\", not as Shift_JIS, or: iconv -f CP932 -t UTF-8 people.csv | tamachi ... --hr -")
	}
	f := new(Feed)
	if t := bytes.TrimSpace(b); len(t) > 0 && (t[0] == '[' || t[0] == '{') {
		err = f.fromJSON(t)
	} else {
		err = f.fromCSV(b)
	}
	if err != nil {
		return nil, err
	}
	return f, f.alone()
}

// alone refuses a feed that says two things of one account.
func (f *Feed) alone() error {
	f.byAccount = make(map[string]int, len(f.People))
	for i := range f.People {
		p := &f.People[i]
		if p.Account == "" {
			continue
		}
		key := strings.ToLower(p.Account)
		if before, ok := f.byAccount[key]; ok {
			return fmt.Errorf("line %d: the account %s is on line %d already", p.Line, p.Account, f.People[before].Line)
		}
		f.byAccount[key] = i
	}
	return nil
}

// Of is the person with an account, or nil.
func (f *Feed) Of(account string) *Person {
	if f == nil {
		return nil
	}
	if i, ok := f.byAccount[strings.ToLower(account)]; ok && account != "" {
		return &f.People[i]
	}
	return nil
}

// columns are the names that a member may have in a feed.
var columns = map[string][]string{
	"id":         {"id", "employee id", "employee_id", "employeeid", "社員番号", "従業員番号"},
	"account":    {"account", "login", "user", "username", "user name", "samaccountname", "アカウント", "アカウント名", "ユーザー名", "ユーザ名", "ログイン名"},
	"given":      {"given", "given name", "given_name", "givenname", "first name", "first_name", "名"},
	"surname":    {"surname", "family name", "family_name", "last name", "last_name", "姓"},
	"name":       {"name", "full name", "氏名"},
	"kana":       {"kana", "氏名カナ", "氏名かな", "フリガナ", "ふりがな", "カナ"},
	"givenkana":  {"given kana", "given_kana", "givenkana", "名カナ", "名かな", "メイ"},
	"surnkana":   {"surname kana", "surname_kana", "surnamekana", "姓カナ", "姓かな", "セイ"},
	"email":      {"email", "mail", "e-mail", "メール", "メールアドレス"},
	"department": {"department", "部署", "所属"},
	"manager":    {"manager", "owner", "上司", "責任者", "所有者"},
	"state":      {"state", "status", "状態", "在籍区分", "在籍状況"},
	"start":      {"start", "start date", "start_date", "joined", "入社日"},
	"end":        {"end", "end date", "end_date", "last day", "last_day", "退職日"},
	"bundle":     {"bundle", "bundle id", "bundle_id", "bundleid", "バンドル"},
	"mode":       {"mode", "running mode", "running_mode", "runningmode", "実行モード"},
	"groups":     {"groups", "group", "グループ"},
}

// column is the member that a name means; "" where nobody knows.
func column(name string) string {
	name = strings.ToLower(strings.TrimSpace(usual(name)))
	for member, names := range columns {
		if slices.Contains(names, name) {
			return member
		}
	}
	return ""
}

func (f *Feed) fromCSV(b []byte) error {
	r := csv.NewReader(bytes.NewReader(b))
	r.TrimLeadingSpace = true
	r.Comment = '#'
	header, err := r.Read()
	if errors.Is(err, io.EOF) {
		return errors.New("the HR feed is empty: want a line of column names")
	}
	if err != nil {
		return fmt.Errorf("the HR feed: %w", err)
	}
	members := make([]string, len(header))
	for i, name := range header {
		if members[i] = column(name); members[i] == "" {
			return fmt.Errorf("column %d: %q is not known; known are account, surname, given, kana, email, department, manager, state, start, end, bundle, mode, groups", i+1, clip(name))
		}
		if slices.Contains(members[:i], members[i]) {
			return fmt.Errorf("column %d: %q says the same as a column before", i+1, clip(name))
		}
	}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("the HR feed: %w", err)
		}
		line, _ := r.FieldPos(0)
		values := map[string]string{}
		for i, cell := range cells {
			values[members[i]] = strings.TrimSpace(cell)
		}
		if err := f.add(line, values); err != nil {
			return err
		}
	}
}

func (f *Feed) fromJSON(b []byte) error {
	var list []map[string]any
	if b[0] == '{' {
		var whole struct{ People []map[string]any }
		d := json.NewDecoder(bytes.NewReader(b))
		d.DisallowUnknownFields()
		if err := d.Decode(&whole); err != nil {
			return fmt.Errorf("the HR feed: %w (want a list, or {\"people\": [...]})", err)
		}
		list = whole.People
	} else if err := json.Unmarshal(b, &list); err != nil {
		return fmt.Errorf("the HR feed: %w", err)
	}
	for i, one := range list {
		values := map[string]string{}
		for name, v := range one {
			member := column(name)
			if _, twice := values[member]; member == "" || twice {
				return fmt.Errorf("person %d: %q is not known, or there twice", i+1, clip(name))
			}
			text, err := cell(v)
			if err != nil {
				return fmt.Errorf("person %d: %s: %w", i+1, clip(name), err)
			}
			values[member] = strings.TrimSpace(text)
		}
		if err := f.add(i+1, values); err != nil {
			return err
		}
	}
	return nil
}

// cell is a value of JSON as a cell of a table has it.
func cell(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case float64:
		return fmt.Sprintf("%.0f", v), nil
	case []any:
		var parts []string
		for _, one := range v {
			s, ok := one.(string)
			if !ok {
				return "", errors.New("want a list of words")
			}
			parts = append(parts, s)
		}
		return strings.Join(parts, ";"), nil
	}
	return "", errors.New("want a word, a number or a list of words")
}

// asWritten are the cells that stay as they are written, letter by letter.
var asWritten = []string{"name", "surname", "given", "department", "groups"}

// add makes a person of the cells of a line. A line without any is passed over.
func (f *Feed) add(line int, v map[string]string) (err error) {
	empty := true
	for member, text := range v {
		if !slices.Contains(asWritten, member) {
			v[member] = strings.TrimSpace(usual(text))
		}
		empty = empty && text == ""
		if len(text) > maxCell || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return fmt.Errorf("line %d: %s is too long, or has control characters", line, member)
		}
	}
	if empty {
		return nil
	}
	if len(f.People) == maxPeople {
		return fmt.Errorf("line %d: more than %d people", line, maxPeople)
	}
	p := Person{
		Line: line, ID: v["id"], Account: v["account"], Given: v["given"], Surname: v["surname"],
		Kana: v["kana"], Email: v["email"], Department: v["department"], Manager: v["manager"], Bundle: v["bundle"],
		Mode: strings.ToUpper(v["mode"]), Groups: words(v["groups"]),
	}
	if p.Surname+p.Given == "" {
		p.Surname, p.Given, _ = strings.Cut(strings.ReplaceAll(v["name"], "　", " "), " ")
		p.Given = strings.TrimSpace(p.Given)
	}
	if p.Kana == "" {
		p.Kana = strings.TrimSpace(v["surnkana"] + " " + v["givenkana"])
	}
	var known bool
	if p.State, known = states[strings.ToLower(v["state"])]; !known {
		return fmt.Errorf("line %d: the state %q is not known: want active, leave or left", line, clip(v["state"]))
	}
	if v["start"] != "" {
		p.Start, err = parseDay(v["start"])
	}
	if err == nil && v["end"] != "" {
		p.End, err = parseDay(v["end"])
	}
	if err == nil {
		err = p.check()
	}
	if err != nil {
		return fmt.Errorf("line %d: %w", line, err)
	}
	f.People = append(f.People, p)
	return nil
}

// words are the groups of a cell, parted by semicolons.
func words(s string) []string {
	var out []string
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ';' || r == '；' || r == '、' }) {
		if part = strings.TrimSpace(part); part != "" && !slices.Contains(out, part) {
			out = append(out, part)
		}
	}
	return out
}
