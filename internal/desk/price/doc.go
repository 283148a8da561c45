// Package price says what desktops cost by a dated table of prices, and which
// prices it does not know.
//
// No price is built in: none was found whose source is public, dated and of a
// Region. A table is a file. It is either ours (Read), a cell a line with its
// source and date, or a Region's file of AWS's own price list for the service
// (readOffer), such as
// https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonWorkSpaces/current/ap-northeast-1/index.json
// (AWS Billing User Guide, "Getting price list files manually"). A price that is
// not in the table is named in the answer and counts nothing: a sum with holes
// says that it has them.
//
// Amounts are exact fractions of a dollar; whoever shows one rounds.
package price
