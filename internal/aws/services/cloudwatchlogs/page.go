package cloudwatchlogs

import "tamachi/internal/aws/api"

// pageOf reads a request's limit and nextToken; 50 entries is what lists show
// by default and at most.
func pageOf(operation string, token *string, limit *int32) (after string, n int, err error) {
	n = 50
	if limit != nil {
		n = int(*limit)
	}
	if token == nil {
		return "", n, nil
	}
	after, ok := api.After(operation, *token)
	if !ok {
		return "", 0, badToken()
	}
	return after, n, nil
}
