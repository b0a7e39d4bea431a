"""Tests of the embedded servers, each with data folders of its own."""
