// Package account is the desk's eyes and hands in an AWS account: it loads the
// standard AWS configuration, reads whole lists page by page with few calls at
// a time, and says in plain words what went wrong. It knows AWS through the
// SDK only, so a real account and a plane of our own are the same to it; the
// switch is a profile or AWS_ENDPOINT_URL.
package account
