/// How the columns of a table become events.
public struct CSVMapping: Sendable {
    /// What to do with a row that cannot be read.
    public enum MalformedRows: Sendable {
        /// Stop with an error that names file and line.
        case fail
        /// Leave it out and count it.
        case count
    }

    /// The events' model.
    public var model: String
    /// The events' version.
    public var version: String?
    /// The predicted label.
    public var predictionColumn: String?
    /// P(positive class).
    public var scoreColumn: String?
    /// The predicted number (regression).
    public var valueColumn: String?
    /// The actual label or number; a row with an empty cell here has no outcome.
    public var outcomeColumn: String?
    /// The event's time: RFC 3339, `2020-10-01 00:00:00`, a date, or an epoch number.
    public var timeColumn: String?
    /// The event's id; without it the row's number, from 0.
    public var idColumn: String?
    /// The features; without it all columns that are not named above or excluded.
    public var featureColumns: [String]?
    /// Columns that are no features.
    public var excludedColumns: [String] = []
    /// Columns whose cells are text even where they look like numbers.
    public var textColumns: Set<String> = []
    /// Whether outcomes are numbers; without it, they are where `valueColumn` is given and `predictionColumn` is not.
    public var outcomeIsValue: Bool?
    /// The time of row 0 for rows without a time of their own, microseconds since 1970 UTC.
    public var startMicroseconds: Int64?
    /// The time between rows without a time of their own, microseconds.
    public var stepMicroseconds: Int64?
    /// What to do with a row that cannot be read.
    public var malformedRows = MalformedRows.fail

    public init(
        model: String, version: String? = nil, predictionColumn: String? = nil, scoreColumn: String? = nil,
        valueColumn: String? = nil, outcomeColumn: String? = nil, timeColumn: String? = nil, idColumn: String? = nil,
        featureColumns: [String]? = nil, excludedColumns: [String] = []
    ) {
        self.model = model
        self.version = version
        self.predictionColumn = predictionColumn
        self.scoreColumn = scoreColumn
        self.valueColumn = valueColumn
        self.outcomeColumn = outcomeColumn
        self.timeColumn = timeColumn
        self.idColumn = idColumn
        self.featureColumns = featureColumns
        self.excludedColumns = excludedColumns
    }
}
