"""Partnerships, the people who act for them, and what everything else stands on.

Owns organisations and their dated facts, people and roles, the framework of the four tiers,
rule sets, the audit trail, events and jobs, notices and documents. It knows no app above it.
"""
