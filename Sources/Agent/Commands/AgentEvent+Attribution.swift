import Detection
import Events

extension JSONWriter {
    /// What carries a verdict, as in a webhook's body (docs/webhooks.md).
    mutating func field(_ name: String, _ attribution: VerdictAttribution?) {
        guard let attribution else { return }
        key(name)
        beginObject()
        if let importance = attribution.importance { field("importance", importance) }
        if let columns = attribution.columns { write(columns) }
        if let fall = attribution.fall { write(fall) }
        endObject()
    }

    private mutating func write(_ columns: ColumnAttribution) {
        field("statistic", columns.statistic)
        field("weights", columns.weights.rawValue)
        field("drifted_columns", Double(columns.drifted))
        field("judged_columns", Double(columns.judged))
        field("drifted_importance", columns.driftedImportance)
        key("columns")
        beginArray()
        for part in columns.parts {
            beginObject()
            field("column", part.column)
            field("share", part.share)
            field("importance", part.importance)
            field("value", part.value)
            endObject()
        }
        endArray()
    }

    private mutating func write(_ fall: PerformanceFall) {
        key("fall")
        beginObject()
        key("since")
        beginObject()
        field("start", EventTime.format(fall.windowStart))
        field("end", EventTime.format(fall.windowEnd))
        endObject()
        field("before", fall.before)
        field("by", fall.fall)
        key("exact")
        boolean(fall.isExact)
        field("compared_segments", Double(fall.compared))
        key("segments")
        beginArray()
        for part in fall.parts {
            beginObject()
            field("segment", part.segment)
            field("share", part.share)
            field("pairs", part.pairShare)
            field("before", part.before)
            field("now", part.now)
            endObject()
        }
        endArray()
        endObject()
    }
}
