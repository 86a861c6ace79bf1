// What the values of an azd environment mean.

@export()
@description('A value, or another one where it is empty: azd sets a value that is taken back to an empty text.')
func valueOr(value string, otherwise string) string => empty(value) ? otherwise : value

@export()
@description('The values between commas.')
func listOf(values string) string[] => filter(map(split(values, ','), value => trim(value)), value => !empty(value))
