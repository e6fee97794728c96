"""CPU seconds of scikit-learn's ColumnTransformer: median and unit spread of numbers, most frequent and one-hot of
categories.

Run: python preparation.py FOLDER NUMERIC CATEGORICAL, with a file of doubles n0, n1, … and of 32-bit codes c0, c1, …
per column. Prints per form of the categories: name, seconds to fit and transform, seconds to transform again, columns
made, and the sum of the one-hot cells and of the squares of the scaled ones.
"""
import sys
import time

import numpy
import pandas
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

folder, numeric, categorical = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
numbers = {f"n{index}": numpy.fromfile(f"{folder}/n{index}") for index in range(numeric)}
codes = {f"c{index}": numpy.fromfile(f"{folder}/c{index}", dtype=numpy.int32) for index in range(categorical)}


def texts(column):
    names = numpy.array([f"category {code}" for code in range(column.max() + 1)] + [numpy.nan], dtype=object)
    return names[column]


def floats(column):
    return numpy.where(column < 0, numpy.nan, column)


for form, convert in {"texts": texts, "numbers": floats}.items():
    frame = pandas.DataFrame(numbers | {name: convert(column) for name, column in codes.items()})
    pipeline = ColumnTransformer([
        ("numeric", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), list(numbers)),
        ("categorical", make_pipeline(
            SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore")), list(codes)),
    ])
    start = time.process_time()
    prepared = pipeline.fit_transform(frame)
    fitted = time.process_time()
    pipeline.transform(frame)
    end = time.process_time()
    first = prepared[:, :numeric]
    total = prepared.sum() - first.sum() + (
        first.multiply(first) if hasattr(first, "multiply") else first ** 2).sum()
    print(f"scikit-learn, categories as {form}", fitted - start, end - fitted, prepared.shape[1], total, sep="\t")
