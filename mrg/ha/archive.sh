#!/bin/sh
# archive.sh CONFIG ASIDE FILE: PostgreSQL's archive command. A member that once led and was rewound may hand in a file of
# a timeline that ended, of which the archive has what its successors went on from. It would be refused for ever, and no
# WAL after it be archived: such a file is kept in the folder ASIDE. Every other refusal stays one.
config=$1 aside=$2 file=$3
pgbackrest --config="$config" --stanza=mrg archive-push "$file" && exit 0
code=$?
[ $code -eq 45 ] || exit $code # 45: the archive has another file of that name
timeline=$(basename "$file" | cut -c1-8)
newest=$(ls pg_wal | sed -n 's/^\([0-9A-F]\{8\}\)\.history$/\1/p' | sort | tail -n 1)
expr "$newest" \> "$timeline" >/dev/null || exit $code
mkdir -p "$aside" && cp "$file" "$aside/" && sync "$aside/$(basename "$file")" "$aside"
