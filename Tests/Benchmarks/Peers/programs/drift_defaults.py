"""False alarms of Evidently's default preset and NannyML's default univariate drift on panes without drift.

python drift_defaults.py reference.csv panes.csv, the second with a column `pane`. Prints one line per library:
name, column alarms, panes with at least one column alarm, panes with an alarm of the whole data set, panes.
"""
import sys
import warnings

import pandas as pd

warnings.filterwarnings("ignore")
reference = pd.read_csv(sys.argv[1])
panes = pd.read_csv(sys.argv[2])
columns = list(reference.columns)
groups = [group[columns] for _, group in panes.groupby("pane")]


def evidently():
    from evidently import Dataset, DataDefinition, Report
    from evidently.presets import DataDriftPreset

    definition = DataDefinition(
        numerical_columns=[c for c in columns if reference[c].dtype != object],
        categorical_columns=[c for c in columns if reference[c].dtype == object],
    )
    before = Dataset.from_pandas(reference, data_definition=definition)
    alarms = any_column = whole = 0
    for group in groups:
        window = Dataset.from_pandas(group.reset_index(drop=True), data_definition=definition)
        result = Report([DataDriftPreset()]).run(window, before).dict()
        drifted = 0
        for metric in result["metrics"]:
            if "DriftedColumnsCount" in metric["metric_name"]:
                drifted = metric["value"]["count"]
                whole += metric["value"]["share"] >= 0.5
        alarms += drifted
        any_column += drifted > 0
    print(f"evidently,{int(alarms)},{any_column},{whole},{len(groups)}")


def nannyml():
    import nannyml as nml

    size = len(groups[0])
    calculator = nml.UnivariateDriftCalculator(column_names=columns, chunk_size=size)
    calculator.fit(reference)
    result = calculator.calculate(pd.concat(groups, ignore_index=True)).filter(period="analysis").to_df()
    flags = result.loc[:, [c for c in result.columns if c[-1] == "alert"]]
    print(f"nannyml,{int(flags.sum().sum())},{int(flags.any(axis=1).sum())},0,{len(flags)}")


evidently()
nannyml()
