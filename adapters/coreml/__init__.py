"""Core ML through coremltools: conversion anywhere, prediction on a Mac."""
