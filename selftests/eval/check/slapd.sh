# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
version=$(slapd -VV 2>&1 | head -n 1)

setup() {
	mkdir -p "$dir/db"
	cat >"$dir/slapd.conf" <<END
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload back_monitor
pidfile $dir/slapd.pid
argsfile $dir/slapd.args
database monitor
database mdb
maxsize 104857600
suffix "dc=one,dc=test"
rootdn "cn=admin,dc=one,dc=test"
rootpw secret
directory $dir/db
index uid eq
END
	chown -R openldap "$dir"
	command=(slapd -d 0 -u openldap -g openldap -f "$dir/slapd.conf" -h "ldap://127.0.0.1:3890 ldapi://${dir//\//%2f}%2fsock")
}
with() { local what=$1; shift; timeout 30 "$what" -x -H ldap://127.0.0.1:3890 -D cn=admin,dc=one,dc=test -w secret "$@"; }
ready() { with ldapsearch -b '' -s base >/dev/null; }
entry() { printf 'dn: uid=%s,dc=one,dc=test\nobjectClass: inetOrgPerson\nuid: %s\ncn: %s\nsn: x\n\n' "$1" "$1" "$1"; }
learn() {
	printf 'dn: dc=one,dc=test\nobjectClass: dcObject\nobjectClass: organization\no: one\ndc: one\n\n' | with ldapadd &&
		with ldapsearch -b dc=one,dc=test | grep -q 'dc: one'
}

many() { local i; for i in $(seq 200); do entry "u$i"; done | with ldapadd >/dev/null && [ "$(with ldapsearch -b dc=one,dc=test '(uid=u*)' dn | grep -c ^dn)" -eq 200 ]; }
changed() { printf 'dn: uid=u1,dc=one,dc=test\nchangetype: modify\nreplace: sn\nsn: y\n' | with ldapmodify && with ldapsearch -b dc=one,dc=test '(sn=y)' | grep -q u1; }
renamed() { with ldapmodrdn -r uid=u2,dc=one,dc=test uid=v2 && with ldapsearch -b dc=one,dc=test '(uid=v2)' | grep -q v2; }
crowd_ldap() {
	local i jobs=()

	for i in $(seq 10); do with ldapsearch -b dc=one,dc=test >/dev/null & jobs+=($!); done
	for i in "${jobs[@]}"; do wait "$i" || return; done
}
life() {
	op 'first entries' learn
	op many many
	op change changed
	op rename renamed
	op delete eval 'with ldapdelete uid=u3,dc=one,dc=test'
	op 'wrong password' eval '! ldapwhoami -x -H ldap://127.0.0.1:3890 -D cn=admin,dc=one,dc=test -w wrong'
	op password eval 'with ldappasswd -s new uid=u4,dc=one,dc=test'
	op 'by its socket' eval 'ldapwhoami -Q -Y EXTERNAL -H "ldapi://${dir//\//%2f}%2fsock"; ldapsearch -x -H "ldapi://${dir//\//%2f}%2fsock" -b "" -s base >/dev/null'
	op 'many clients' crowd_ldap
	op monitor eval 'with ldapsearch -b cn=monitor | grep -q -i monitor'
	op 'graceful stop' ends INT
}
