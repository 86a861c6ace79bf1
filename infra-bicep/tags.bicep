@export()
type Tags = {
  @description('How azd finds what it deployed.')
  'azd-env-name': string
}
