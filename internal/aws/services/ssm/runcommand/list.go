package runcommand

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/paging"
	"tamachi/internal/store"
)

// wanted is what a list is asked for. Lists begin with the newest.
type wanted struct {
	operation string
	page      store.Page // by time: Min and Max from the filters, After from the token
	limit     int
	status    string // Status or StatusDetails; "" is any
	document  string
	empty     bool // a filter that nothing can fit
}

// read brings a list's paging and filters together.
func read(operation string, token *string, most *int32, filters []types.CommandFilter) (wanted, error) {
	w := wanted{operation: operation, limit: 50, page: store.Page{Descending: true}}
	if most != nil {
		w.limit = int(*most)
	}
	if token != nil && *token != "" {
		after, ok := api.After(operation, *token)
		if !ok {
			return w, &types.InvalidNextToken{Message: text("The specified token isn't valid.")}
		}
		w.page.After = after
	}
	for _, f := range filters {
		if err := w.filter(f); err != nil {
			return w, err
		}
	}
	return w, nil
}

func (w *wanted) filter(f types.CommandFilter) error {
	value := *f.Value
	switch f.Key {
	case types.CommandFilterKeyInvokedAfter, types.CommandFilterKeyInvokedBefore:
		t, err := time.Parse(time.RFC3339, value)
		if err != nil {
			return invalid("The value " + value + " of the filter " + string(f.Key) + " is no time such as 2024-07-07T00:00:00Z.")
		}
		if f.Key == types.CommandFilterKeyInvokedAfter {
			w.page.Min = max(w.page.Min, moment(t))
		} else if before := moment(t); w.page.Max == "" || before < w.page.Max {
			w.page.Max = before
		}
	case types.CommandFilterKeyStatus:
		w.empty = w.empty || (w.status != "" && w.status != value)
		w.status = value
	case types.CommandFilterKeyDocumentName:
		w.empty = w.empty || (w.document != "" && w.document != value)
		w.document = value
	case types.CommandFilterKeyExecutionStage:
		if w.operation != "ListCommands" || !slices.Contains([]string{"Executing", "Complete"}, value) {
			return &types.InvalidFilterKey{Message: text("The filter ExecutionStage isn't valid here.")}
		}
		w.status = value
	default:
		return &types.InvalidFilterKey{Message: text("The filter key " + string(f.Key) + " isn't valid.")}
	}
	return nil
}

// fits compares the filters that are not about time. The words are those that
// the record has for its status, its details and its stage.
func (w *wanted) fits(document string, words ...string) bool {
	return !w.empty && (w.document == "" || w.document == document) && (w.status == "" || slices.Contains(words, w.status))
}

// of narrows a list of invocations down to a command's.
func (w *wanted) of(c *command) {
	at := moment(c.Requested)
	w.empty = w.empty || at < w.page.Min || (w.page.Max != "" && at >= w.page.Max)
	w.page = c.all(w.page)
}

// collect shows the records of a list, newest first, until the page is full,
// and returns the token of the next page.
func collect[R any](w wanted, t *store.Table[R], next func(store.Page) ([]*R, error), show func(*R) (bool, error)) (*string, error) {
	return paging.Walk[R]{Operation: w.operation, Page: w.page, Limit: w.limit, Filtered: w.filtered(), Key: t.Key, Next: next}.Collect(show)
}

func (w *wanted) filtered() bool { return w.status != "" || w.document != "" || w.empty }
