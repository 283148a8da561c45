package price

import (
	"bytes"
	"math/big"
	"os"
	"strings"
	"testing"
)

// The prices of these tests are made up: they are the tests' own.
const ours = `{"Region":"ap-northeast-1","Currency":"USD","Cells":[
 {"Compute":"STANDARD","OS":"Windows","Mode":"AlwaysOn","Unit":"Month","RootGiB":80,"UserGiB":50,"Price":"30.00","Source":"a test","Date":"2026-11-22"},
 {"Compute":"STANDARD","OS":"Windows","Mode":"AutoStop","Unit":"Month","RootGiB":80,"UserGiB":50,"Price":"6","Source":"a test","Date":"2026-11-22"},
 {"Compute":"STANDARD","OS":"Windows","Mode":"AutoStop","Unit":"Hour","Price":"0.25","Source":"a test","Date":"2026-11-22"}
]}`

func TestCost(t *testing.T) {
	table, err := Read(strings.NewReader(ours))
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name, want string
		use        Use
		missing    int
	}{
		{"a whole month of ALWAYS_ON", "30.00", Use{MonthlyDays: 30, DaysInMonth: 30}, 0},
		{"the first month from its 21st day", "10.00", Use{MonthlyDays: 10, DaysInMonth: 30}, 0},
		{"AUTO_STOP with ten and a half hours", "8.63", Use{HourlyDays: 30, DaysInMonth: 30, HourlySeconds: map[string]int64{"STANDARD": 37800}}, 0},
		{"AUTO_STOP and then ALWAYS_ON pays both", "21.08", Use{MonthlyDays: 15, HourlyDays: 30, DaysInMonth: 30, HourlySeconds: map[string]int64{"STANDARD": 900 + 180}}, 0},
		{"hours under a compute type without a price are missing", "6.00", Use{HourlyDays: 30, DaysInMonth: 30, HourlySeconds: map[string]int64{"POWER": 3600}}, 1},
		{"nothing used", "0.00", Use{DaysInMonth: 30}, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.use.Compute, row.use.RootGiB, row.use.UserGiB = "STANDARD", 80, 50
			c := table.Of(row.use, "windows")
			if got := c.Total.FloatString(2); got != row.want || len(c.Missing) != row.missing {
				t.Errorf("want %s and %d missing, got %s, %v", row.want, row.missing, got, c.Missing)
			}
		})
	}
	big := Use{Compute: "STANDARD", RootGiB: 175, UserGiB: 100, MonthlyDays: 30, DaysInMonth: 30}
	if c := table.Of(big, "Windows"); len(c.Missing) != 1 || !strings.Contains(c.Missing[0], "175+100 GB") {
		t.Errorf("want the price of larger volumes missing, got %+v", c)
	}
}

func TestTablesThatAreRefused(t *testing.T) {
	for name, change := range map[string][2]string{
		"no source":           {`"Source":"a test"`, `"Source":""`},
		"no date":             {`"Date":"2026-11-22"`, `"Date":"November"`},
		"a price in words":    {`"30.00"`, `"thirty"`},
		"a price below zero":  {`"30.00"`, `"-30"`},
		"a fraction":          {`"30.00"`, `"1/3"`},
		"an unknown key":      {`"OS"`, `"System"`},
		"an unknown mode":     {`"AlwaysOn"`, `"Sometimes"`},
		"no Region":           {`"ap-northeast-1"`, `""`},
		"a volume below zero": {`"RootGiB":80`, `"RootGiB":-80`},
	} {
		if _, err := Read(strings.NewReader(strings.Replace(ours, change[0], change[1], 1))); err == nil {
			t.Errorf("%s: want a refusal", name)
		}
	}
}

// TestOffer reads a file in the form of AWS's price list (its figures are made
// up).
func TestOffer(t *testing.T) {
	f, err := os.Open("testdata/offer.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	table, err := Load(f)
	if err != nil {
		t.Fatal(err)
	}
	if table.Region != "ap-northeast-1" || len(table.Cells) != 3 || table.Systems()[0] != "Windows" || table.Cells[0].Date != "2026-09-01" || !strings.Contains(table.Cells[0].Source, "2026-09-01T00:00:00Z") {
		t.Fatalf("got %+v", table)
	}
	c := table.Of(Use{Compute: "POWERPRO", RootGiB: 175, UserGiB: 100, HourlyDays: 15, DaysInMonth: 30, HourlySeconds: map[string]int64{"POWERPRO": 7200}}, "Windows")
	if got := c.Total.FloatString(2); got != "12.00" || len(c.Missing) != 0 || len(c.Lines) != 2 {
		t.Errorf("want 12.00, got %s, %+v", got, c)
	}
	if own, err := Load(strings.NewReader(ours)); err != nil || len(own.Cells) != 3 {
		t.Errorf("want our own form too, got %v", err)
	}
}

func FuzzLoad(f *testing.F) {
	list, err := os.ReadFile("testdata/offer.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(ours))
	f.Add(list)
	f.Add([]byte(`{"OfferCode":"AmazonWorkSpaces","PublicationDate":"2026-09-01T00:00:00Z","Products":{"A":{}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		table, err := Load(bytes.NewReader(data))
		if err != nil {
			return
		}
		for i := range table.Cells {
			if err := table.Cells[i].check(); err != nil {
				t.Errorf("a price was read that is none: %v", err)
			}
		}
		c := table.Of(Use{Compute: "STANDARD", RootGiB: 80, UserGiB: 50, MonthlyDays: 3, HourlyDays: 30, DaysInMonth: 30, HourlySeconds: map[string]int64{"STANDARD": 60}}, "Windows")
		if c.Total.Sign() < 0 {
			t.Errorf("a cost of less than nothing: %s", c.Total)
		}
	})
}

// TestBreakEven holds the hours from which on the month is cheaper.
func TestBreakEven(t *testing.T) {
	table, err := Read(strings.NewReader(ours))
	if err != nil {
		t.Fatal(err)
	}
	r := table.RatesOf(Kind{Compute: "STANDARD", OS: "windows", RootGiB: 80, UserGiB: 50})
	if !r.Complete() || r.BreakEven().FloatString(2) != "96.00" || len(r.Cells) != 3 {
		t.Errorf("want (30 - 6) / 0.25 = 96 hours, got %v", r.BreakEven())
	}
	for hours, want := range map[int64]string{0: "6.00", 96: "30.00", 744: "192.00"} {
		if got := r.Hourly(big.NewRat(hours, 1)).FloatString(2); got != want {
			t.Errorf("%d hours: want %s, got %s", hours, want, got)
		}
	}
	if r := table.RatesOf(Kind{Compute: "STANDARD", OS: "Windows", RootGiB: 175, UserGiB: 100}); r.Complete() || r.BreakEven() != nil {
		t.Errorf("want no break-even where a price is missing, got %+v", r)
	}
}
