package hr

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

const japanese = "\ufeff社員番号,氏名,氏名カナ,アカウント,メールアドレス,部署,状態,入社日,退職日,グループ\n" +
	"1001,武田　花子,タケダ　ハナコ,takeda.hanako,takeda.hanako@corp.example,設計,入社予定,2026年12月1日,,CAD;設計部\n" +
	"\n" +
	"1002,山田 太郎,ヤマダ タロウ,yamada.taro,,総務,休職,2020/4/1,,\n" +
	"1003,\"鈴木, Jr.\",スズキ,suzuki,,,退職,,2026-10-31,\n"

func TestJapaneseSpreadsheet(t *testing.T) {
	f, err := Read(strings.NewReader(japanese))
	if err != nil {
		t.Fatal(err)
	}
	if len(f.People) != 3 {
		t.Fatalf("want 3 people, got %+v", f.People)
	}
	p := f.Of("Takeda.Hanako")
	if p == nil || p.Line != 2 || p.Surname != "武田" || p.Given != "花子" || p.Kana != "タケダ ハナコ" || p.State != Active ||
		p.Start.Format(time.DateOnly) != "2026-12-01" || !reflect.DeepEqual(p.Groups, []string{"CAD", "設計部"}) {
		t.Errorf("got %+v", p)
	}
	if f.Of("yamada.taro").State != Leave || f.Of("suzuki").State != Left || f.Of("suzuki").Surname != "鈴木," || f.Of("nobody") != nil {
		t.Errorf("got %+v", f.People)
	}
}

// TestWidths reads what is written at half and at full width.
func TestWidths(t *testing.T) {
	f, err := Read(strings.NewReader("アカウント,氏名,ﾌﾘｶﾞﾅ,ｅｍａｉｌ,状態,入社日,退職日,グループ\r\n" +
		"ｔａｋｅｄａ．ｈａｎａｋｏ,ﾀｹﾀﾞ　花子,ﾀｹﾀﾞ　ﾊﾅｺ,ｔ＠corp.example, 退職　,２０２０／４／１,２０２６年１０月３１日,ＣＡＤ\r\n\r\n,,,,,,,\r\nb,,\"ｳﾞｧｯﾊﾟﾎﾟﾝ ｼﾞｪｰﾑｽﾞ\",,,,,\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	p, b := f.People[0], f.People[1]
	if len(f.People) != 2 || p.Account != "takeda.hanako" || p.Kana != "タケダ ハナコ" || p.Email != "t@corp.example" || p.State != Left ||
		p.Start.Format(time.DateOnly) != "2020-04-01" || p.End.Format(time.DateOnly) != "2026-10-31" || b.Kana != "ヴァッパポン ジェームズ" || b.Line != 5 {
		t.Errorf("got %+v, %+v", p, b)
	}
	if p.Surname != "ﾀｹﾀﾞ" || p.Given != "花子" || p.Groups[0] != "ＣＡＤ" {
		t.Errorf("want names as they were written, got %+v", p)
	}
}

func TestJSON(t *testing.T) {
	for _, text := range []string{
		`[{"account":"a.b","given_name":"A","surname":"B","employeeId":17,"groups":["x","y"],"end date":"2026-11-30"}]`,
		`{"people":[{"account":"a.b","given_name":"A","surname":"B","employeeId":17,"groups":["x","y"],"end date":"2026-11-30"}]}`,
	} {
		f, err := Read(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		p := f.People[0]
		if p.ID != "17" || p.Name() != "B A" || len(p.Groups) != 2 {
			t.Errorf("got %+v", p)
		}
		for now, want := range map[string]State{"2026-11-30T23:00:00Z": Active, "2026-12-01T01:00:00Z": Left} {
			at, _ := time.Parse(time.RFC3339, now)
			if got := p.At(at); got != want {
				t.Errorf("%s: want %s, got %s", now, want, got)
			}
		}
	}
}

func TestFeedsThatAreRefused(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"nothing", "", "is empty"},
		{"a column that nobody knows", "account,shoe size\n", `column 2: "shoe size" is not known`},
		{"one column twice", "account,アカウント\n", "says the same"},
		{"a line that is short", "account,surname\nx\n", "wrong number of fields"},
		{"nobody", "account,surname,id\n,,5\n", "line 2: it names nobody"},
		{"an account with a blank", "account\ntakeda hanako\n", "line 2: the account"},
		{"an account for LDAP", "account\n\"*)(uid=*\"\n", "line 2: the account"},
		{"an account twice", "account\na\nb\nA\n", "line 4: the account A is on line 2 already"},
		{"a state that nobody knows", "account,state\na,vacation\n", `the state "vacation"`},
		{"a day in words", "account,start\na,tomorrow\n", `the day "tomorrow"`},
		{"a last day before the first", "account,start,end\na,2026-02-01,2026-01-01\n", "before the first"},
		{"a mail address with two people", "account,mail\na,\"a@x.example, b@x.example\"\n", "the mail address"},
		{"Shift_JIS", "\x8e\xd0\x88\xf5,account\n", "not UTF-8"},
		{"an escape sequence", "account,surname\na,\x1b[31m\n", "control characters"},
		{"a list of lists", `[{"account":["a",["b"]]}]`, "want a list of words"},
		{"half of JSON", `[{"account":"a"}`, "unexpected end"},
	} {
		_, err := Read(strings.NewReader(row.text))
		if err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: want %q, got %v", row.name, row.want, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(japanese))
	f.Add([]byte(`[{"account":"a.b","groups":["x"]}]`))
	f.Add([]byte("account,name\n\"a\nb\",c\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		feed, err := Read(bytes.NewReader(b))
		if err != nil {
			return
		}
		for i := range feed.People {
			p := &feed.People[i]
			if err := p.check(); err != nil {
				t.Errorf("a person was read who is none: %v", err)
			}
			if p.Account != "" && feed.Of(p.Account) != p {
				t.Errorf("%s is not found, or somebody else", p.Account)
			}
			if strings.ContainsAny(p.Name(), "\x00\x1b\n") {
				t.Errorf("%q would reach a terminal", p.Name())
			}
		}
	})
}

// TestWritten reads what was written of a feed.
func TestWritten(t *testing.T) {
	f, err := Read(strings.NewReader("id,account,name,kana,state,start,end,mode,groups\n7,ono.yuki,小野 友紀,オノ ユウキ,休職,2026-04-01,2030-03-31,auto_stop,CAD;Sales\n,abe.shin,,,left,,,,\n"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := f.JSON()
	if err != nil {
		t.Fatal(err)
	}
	again, err := Read(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	for i := range f.People {
		f.People[i].Line, again.People[i].Line = 0, 0
	}
	if fmt.Sprintf("%+v", again.People) != fmt.Sprintf("%+v", f.People) {
		t.Errorf("want %+v, got %+v", f.People, again.People)
	}
}

func TestPeopleArePutIntoAFeed(t *testing.T) {
	read := func(text string) *Feed {
		t.Helper()
		f, err := Read(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	old := read("id,account,department\n1,ono.yuki,CAD\n2,abe.shin,Sales\n,mori.aoi,Sales\n")
	got, err := old.With(read("id,account,department\n1,kato.yuki,Legal\n,MORI.aoi,CAD\n9,doi.rin,CAD\n"))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, p := range got.People {
		all = append(all, p.Account+" "+p.Department)
	}
	if want := "kato.yuki Legal, abe.shin Sales, MORI.aoi CAD, doi.rin CAD"; strings.Join(all, ", ") != want {
		t.Errorf("want %s, got %s", want, strings.Join(all, ", "))
	}
	if _, err := old.With(read("id,account\n1,abe.shin\n")); err == nil {
		t.Error("want two people of one account refused")
	}
}
