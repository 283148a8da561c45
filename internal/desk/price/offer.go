package price

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// offer is the part of an AWS price list file that is read here.
type offer struct {
	OfferCode       string
	PublicationDate string
	Products        map[string]struct {
		SKU        string
		Attributes map[string]string
	}
	Terms struct {
		OnDemand map[string]map[string]struct {
			PriceDimensions map[string]struct {
				Unit         string
				PricePerUnit map[string]string
			}
		}
	}
}

// readOffer reads a Region's price list file of Amazon WorkSpaces, as AWS
// publishes it. The source of each cell is the file.
func readOffer(r io.Reader) (*Table, error) {
	var o offer
	if err := json.NewDecoder(io.LimitReader(r, maxTable)).Decode(&o); err != nil {
		return nil, fmt.Errorf("read the price list: %w", err)
	}
	if o.OfferCode != "AmazonWorkSpaces" {
		return nil, fmt.Errorf("the price list is of %q, want AmazonWorkSpaces", o.OfferCode)
	}
	published, err := time.Parse(time.RFC3339, o.PublicationDate)
	if err != nil {
		return nil, errors.New("the price list has no date of publication")
	}
	t := &Table{Currency: "USD"}
	source := "AWS price list, AmazonWorkSpaces, published " + o.PublicationDate
	for sku, p := range o.Products {
		a := p.Attributes
		mode := a["runningMode"]
		if a["resourceType"] != "Hardware" || mode != AlwaysOn && mode != AutoStop || strings.HasPrefix(strings.ToLower(a["license"]), "bring") {
			continue
		}
		switch region := a["regionCode"]; {
		case t.Region == "":
			t.Region = region
		case region != "" && region != t.Region:
			return nil, fmt.Errorf("the price list is of several Regions, %s and %s: take that of one", t.Region, region)
		}
		root, user := volumes(a)
		for _, term := range o.Terms.OnDemand[sku] {
			for _, d := range term.PriceDimensions {
				c := Cell{
					Compute: strings.ToUpper(strings.ReplaceAll(a["bundle"], ".", "_")), OS: a["operatingSystem"], Mode: mode, Unit: unit(d.Unit),
					RootGiB: root, UserGiB: user, Price: d.PricePerUnit["USD"], Source: source, Date: published.Format(time.DateOnly),
				}
				if c.check() == nil {
					t.Cells = append(t.Cells, c)
				}
			}
		}
	}
	if len(t.Cells) == 0 {
		return nil, errors.New("the price list has no price of a desktop")
	}
	slices.SortFunc(t.Cells, func(a, b Cell) int { return strings.Compare(a.key(), b.key()) })
	return t, nil
}

func (c *Cell) key() string {
	return fmt.Sprintf("%s/%s/%s/%s/%06d/%06d/%s", c.OS, c.Compute, c.Mode, c.Unit, c.RootGiB, c.UserGiB, c.Price)
}

// unit is Month or Hour, however it is written (Month, month, Hrs).
func unit(s string) string {
	switch strings.ToLower(s) {
	case "month", "mo":
		return Month
	case "hour", "hours", "hrs":
		return Hour
	}
	return s
}

var (
	gigabytes = regexp.MustCompile(`^(\d{1,6}) GB$`)
	both      = regexp.MustCompile(`^Root:(\d{1,6}) GB, ?User:(\d{1,6}) GB$`)
)

// volumes are the sizes that a product has, in one of two ways; 0 and 0 when it
// does not say.
func volumes(a map[string]string) (root, user int) {
	number := func(s string) int {
		n, _ := strconv.Atoi(s) // digits only, by the patterns
		return n
	}
	if r, u := gigabytes.FindStringSubmatch(a["rootvolume"]), gigabytes.FindStringSubmatch(a["uservolume"]); r != nil && u != nil {
		return number(r[1]), number(u[1])
	}
	if m := both.FindStringSubmatch(a["storage"]); m != nil {
		return number(m[1]), number(m[2])
	}
	return 0, 0
}

// Load reads a file of either kind.
func Load(r io.ReadSeeker) (*Table, error) {
	var kind struct{ OfferCode string }
	if err := json.NewDecoder(io.LimitReader(r, maxTable)).Decode(&kind); err != nil {
		return nil, fmt.Errorf("read the prices: %w", err)
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	if kind.OfferCode != "" {
		return readOffer(r)
	}
	return Read(r)
}
