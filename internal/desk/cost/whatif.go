package cost

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/price"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
)

// WhatIf is what so many seats would cost a month. It asks no account.
type WhatIf struct {
	Seats     int     `json:"seats"`
	Compute   string  `json:"compute"`
	OS        string  `json:"os"`
	Hours     float64 `json:"hours"` // a month, each
	Currency  string  `json:"currency"`
	AlwaysOn  string  `json:"alwaysOn"`
	AutoStop  string  `json:"autoStop"`
	Least     string  `json:"autoStopLeast"`  // nobody comes
	BreakEven string  `json:"breakEvenHours"` // of one seat
	Cheaper   string  `json:"cheaper"`
	Saving    string  `json:"saving"` // of the cheaper, to the other
	Cells     []price.Cell
}

// estimate computes it. It fails where the table has not all prices.
func estimate(t *price.Table, k price.Kind, seats int, hours float64) (*WhatIf, error) {
	r := t.RatesOf(k)
	if !r.Complete() {
		return nil, fmt.Errorf("the table has not all prices of %s, %s, %d+%d GB", k.Compute, k.OS, k.RootGiB, k.UserGiB)
	}
	n := big.NewRat(int64(seats), 1)
	times := func(each *big.Rat) *big.Rat { return new(big.Rat).Mul(each, n) }
	on, off := times(r.AlwaysOn), times(r.Hourly(new(big.Rat).SetFloat64(hours)))
	w := &WhatIf{
		Seats: seats, Compute: k.Compute, OS: k.OS, Hours: hours, Currency: t.Currency, AlwaysOn: on.FloatString(2), AutoStop: off.FloatString(2),
		Least: times(r.AutoStop).FloatString(2), Cheaper: alwaysOn, Cells: r.Cells,
	}
	if b := r.BreakEven(); b != nil {
		w.BreakEven = b.FloatString(1)
	}
	saving := new(big.Rat).Sub(off, on)
	if saving.Sign() > 0 {
		w.Saving = saving.FloatString(2)
		return w, nil
	}
	w.Cheaper, w.Saving = autoStop, saving.Neg(saving).FloatString(2)
	return w, nil
}

// Write prints it for a person.
func (w *WhatIf) Write(out io.Writer, lang report.Lang) error {
	lines := []string{
		text.Seats.In(lang, "n", w.Seats, "compute", w.Compute, "os", w.OS, "hours", one(w.Hours)),
		text.SeatsOn.In(lang, "cost", w.AlwaysOn, "currency", w.Currency),
		text.SeatsOff.In(lang, "cost", w.AutoStop, "least", w.Least, "currency", w.Currency),
		text.SeatsEven.In(lang, "cheaper", w.Cheaper, "saving", w.Saving, "even", w.BreakEven, "currency", w.Currency),
	}
	for _, c := range w.Cells {
		lines = append(lines, text.SeatsCell.In(lang, "mode", c.Mode, "unit", c.Unit, "price", c.Price, "source", c.Source, "date", c.Date))
	}
	_, err := fmt.Fprintln(out, strings.Join(lines, "\n"))
	return err
}

type whatIfFlags struct {
	prices, os, bundle, lang string
	seats, root, user        int
	hours                    float64
	json, policy             bool
}

func whatIfCommand(w account.World) *cobra.Command {
	var f whatIfFlags
	c := &cobra.Command{
		Use:   "whatif",
		Short: "Say what so many seats would cost a month",
		Long: `Computes from a table of prices what seats of one kind would cost a month on either
running mode, and from how many hours on ALWAYS_ON is the cheaper one. It asks no
account. GRAPHICSPRO and the like are written as AWS's API writes them.

Exit code: 0 done; 1 failed; 2 wrong use.`,
		Example: "  tamachi cost whatif --seats 20 --bundle GRAPHICS_G4DN --hours 120 --prices ap-northeast-1.json --os Windows",
		Args:    func(_ *cobra.Command, args []string) error { return noArgs(args) }, SilenceUsage: true, SilenceErrors: true,
		RunE: func(c *cobra.Command, _ []string) error { return f.run(w, c.OutOrStdout()) },
	}
	c.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return duty.Misuse(err) })
	fs := c.Flags()
	fs.IntVar(&f.seats, "seats", 1, "how many desktops")
	fs.StringVar(&f.bundle, "bundle", "STANDARD", "compute type of the bundle")
	fs.Float64Var(&f.hours, "hours", 160, "hours a month that each would run on AUTO_STOP")
	fs.IntVar(&f.root, "root-gib", 80, "size of the root volume")
	fs.IntVar(&f.user, "user-gib", 50, "size of the user volume")
	fs.StringVar(&f.prices, "prices", "", "file of prices (default that of the settings)")
	fs.StringVar(&f.os, "os", "", "operating system, as the file writes it (default its only one)")
	fs.BoolVar(&f.json, "json", false, "print the same as JSON")
	fs.BoolVar(&f.policy, "policy", false, "print the minimal IAM policy and end: it needs none")
	fs.StringVar(&f.lang, "lang", "", "ja or en (default from LC_ALL, LANG)")
	return c
}

func (f *whatIfFlags) run(w account.World, out io.Writer) error {
	if f.policy {
		_, err := io.WriteString(out, account.PolicyDocument([]account.Statement{}...))
		return err
	}
	lang, err := language(w, f.lang)
	if err != nil {
		return duty.Misuse(err)
	}
	if f.seats < 1 || f.seats > 1_000_000 || f.hours < 0 || f.hours > 744 || f.root < 0 || f.user < 0 {
		return duty.Misuse(errors.New("--seats is 1 to 1000000, --hours 0 to 744, and volumes have a size"))
	}
	if f.prices == "" {
		set, err := settings.Load(w.Getenv)
		if err != nil {
			return duty.Misuse(err)
		}
		f.prices = set.Prices
	}
	t, err := Prices(f.prices, f.os)
	switch {
	case err != nil:
		return duty.Misuse(err)
	case t == nil:
		return duty.Misuse(errors.New("--prices FILE is needed: no price is built in"))
	case f.os == "" && len(t.Systems()) > 1:
		return duty.Misuse(fmt.Errorf("--os: want one of the file's: %s", strings.Join(t.Systems(), ", ")))
	case f.os == "":
		f.os = slices.Concat(t.Systems(), []string{""})[0]
	}
	found, err := estimate(t, price.Kind{Compute: strings.ToUpper(f.bundle), OS: f.os, RootGiB: f.root, UserGiB: f.user}, f.seats, f.hours)
	if err != nil {
		return duty.Failed(lang, err)
	}
	if f.json {
		enc := json.NewEncoder(out)
		enc.SetIndent("", "  ")
		return enc.Encode(found)
	}
	return found.Write(out, lang)
}
