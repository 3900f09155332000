"""Discourse Network Analyzer."""
