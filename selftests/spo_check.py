#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Is a file a SeccompProfile, v1, as the operator's CRD has it?

Prints what is wrong, one a line; exit status 1 if anything is.
"""
import re
import sys

import yaml

ACTIONS = {"SCMP_ACT_KILL", "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL_THREAD", "SCMP_ACT_TRAP",
           "SCMP_ACT_ERRNO", "SCMP_ACT_TRACE", "SCMP_ACT_ALLOW", "SCMP_ACT_LOG",
           "SCMP_ACT_NOTIFY"}
ARCHES = {"SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"}
SPEC = {"baseProfileName", "defaultAction", "architectures", "listenerPath",
        "listenerMetadata", "syscalls", "flags", "disabled"}
RULE = {"names", "action", "errnoRet", "args"}
ARG = {"index", "value", "valueTwo", "op"}
wrong = []


def want(condition, text):
    if not condition:
        wrong.append(text)


def check_rule(rule, where):
    want(set(rule) <= RULE, f"{where}: unknown keys {set(rule) - RULE}")
    names = rule.get("names")
    want(isinstance(names, list) and names, f"{where}: names is no list, or empty")
    want(all(isinstance(name, str) for name in names or []), f"{where}: a name is no string")
    want(len(set(names or [])) == len(names or []), f"{where}: a name is there twice")
    want(rule.get("action") in ACTIONS, f"{where}: action {rule.get('action')}")
    if "errnoRet" in rule:
        want(type(rule["errnoRet"]) is int and 0 <= rule["errnoRet"] <= 4095,
             f"{where}: errnoRet {rule['errnoRet']}")
        want(rule.get("action") in ("SCMP_ACT_ERRNO", "SCMP_ACT_TRACE"),
             f"{where}: errnoRet beside {rule.get('action')}")
    for arg in rule.get("args", []):
        want(set(arg) <= ARG, f"{where}: unknown keys of an argument")


def check(profile):
    want(profile.get("apiVersion") == "security-profiles-operator.x-k8s.io/v1", "apiVersion")
    want(profile.get("kind") == "SeccompProfile", "kind")
    want(set(profile) == {"apiVersion", "kind", "metadata", "spec"}, f"keys {set(profile)}")
    meta = profile.get("metadata", {})
    name = meta.get("name")
    want(isinstance(name, str) and len(name) <= 63 and
         re.fullmatch("[a-z0-9]([-a-z0-9]*[a-z0-9])?", name or ""), f"metadata.name {name!r}")
    want("namespace" not in meta, "it is cluster-scoped, but has a namespace")
    spec = profile.get("spec", {})
    want(set(spec) <= SPEC, f"spec: unknown keys {set(spec) - SPEC}")
    want(spec.get("defaultAction") in ACTIONS - {"SCMP_ACT_NOTIFY"}, "defaultAction")
    arches = spec.get("architectures", [])
    want(set(arches) <= ARCHES and len(set(arches)) == len(arches), f"architectures {arches}")
    for i, rule in enumerate(spec.get("syscalls", [])):
        check_rule(rule, f"syscalls[{i}]")


with open(sys.argv[1], encoding="utf-8") as file:
    documents = list(yaml.safe_load_all(file))
want(len(documents) == 1 and isinstance(documents[0], dict), "it is not one YAML mapping")
if not wrong:
    check(documents[0])
print("\n".join(wrong))
sys.exit(bool(wrong))
