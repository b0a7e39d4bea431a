"""Tests of what the tables of facts answer by themselves."""
