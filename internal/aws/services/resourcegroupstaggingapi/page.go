package resourcegroupstaggingapi

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi/types"

	"tamachi/internal/aws/api"
)

// tokenLife is how long a paging token is good.
// Source: Resource Groups Tagging API Reference, "GetResources", Errors.
const tokenLife = 15 * time.Minute

// wordsPerPage is a page of keys or values; callers cannot choose, and AWS does
// not say.
const wordsPerPage = 100

// place is where a page begins: behind a word that was the last of the page
// before.
type place struct {
	began bool
	after string
}

// before tells whether the list was read up to a word.
func (p place) before(word string) bool { return !p.began || word > p.after }

// placeOf reads the token of a list. An empty one is that of the first page.
func placeOf(call *api.Call, list string, token *string) (place, error) {
	if token == nil || *token == "" {
		return place{}, nil
	}
	text, ok := api.After(list, *token)
	made, after, cut := strings.Cut(text, " ")
	seconds, err := strconv.ParseInt(made, 10, 64)
	if !ok || !cut || err != nil {
		return place{}, invalid("The PaginationToken is not valid for this request.")
	}
	if call.Time.Sub(time.Unix(seconds, 0)) > tokenLife {
		return place{}, &types.PaginationTokenExpiredException{Message: new("The PaginationToken has expired.")}
	}
	return place{began: true, after: after}, nil
}

// tokenOf is the token for what follows a word.
func tokenOf(call *api.Call, list, after string) *string {
	return new(api.Token(list, fmt.Sprint(call.Time.Unix(), " ", after)))
}

// pageOf is one page of words and the token of the next, which is empty at the
// end.
func pageOf(call *api.Call, list string, from place, words []string) (page []string, token *string) {
	page = []string{}
	for _, word := range words {
		if !from.before(word) {
			continue
		}
		if len(page) == wordsPerPage {
			return page, tokenOf(call, list, page[len(page)-1])
		}
		page = append(page, word)
	}
	return page, new("")
}

func invalid(format string, args ...any) error {
	return &types.InvalidParameterException{Message: new(fmt.Sprintf(format, args...))}
}
