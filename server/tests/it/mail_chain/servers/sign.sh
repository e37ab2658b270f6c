#!/usr/bin/env bash
# Signs a mail by DKIM as a mail server of elsewhere does: sign.sh KEY DOMAIN <mail >signed-mail
set -euo pipefail
key=$1 domain=$2
mail=$(sed 's/\r*$/\r/'; echo .)
mail=${mail%.}
# Nothing is put into other words (simple): the fields that are signed are as they stand in the mail.
head=${mail%%$'\r\n\r\n'*}$'\r\n'
body=${mail#*$'\r\n\r\n'}
# Empty lines at the end do not count.
while [[ $body == *$'\r\n\r\n' ]]; do body=${body%$'\r\n'}; done
hash=$(printf %s "$body" | openssl dgst -sha256 -binary | base64 -w 0)
field="DKIM-Signature: v=1; a=rsa-sha256; c=simple/simple; d=$domain; s=s1; h=From; bh=$hash; b="
from=$(grep -i '^From:' <<<"$head")$'\n'
signature=$(printf '%s%s' "$from" "$field" | openssl dgst -sha256 -sign "$key" -binary | base64 -w 0)
printf '%s%s\r\n%s\r\n%s' "$field" "$signature" "$head" "$body"
