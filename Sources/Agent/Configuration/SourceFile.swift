/// A file that is read as it is written, instead of a topic.
public struct SourceFile: Sendable, Equatable {
    /// The columns of a scored table.
    public struct Columns: Sendable, Equatable {
        public var time: String
        public var id: String?
        public var prediction: String?
        public var score: String?
        public var outcome: String?
        public var excluded: [String]

        init(_ reader: CheckedReader) {
            time = reader.text("time_column")
            id = reader.table.text("id_column")
            prediction = reader.table.text("prediction_column")
            score = reader.table.text("score_column")
            outcome = reader.table.text("outcome_column")
            excluded = reader.table.texts("exclude") ?? []
        }
    }

    /// `-` is standard input.
    public var path: String
    /// `nil`: JSON lines.
    public var columns: Columns?

    init?(_ reader: CheckedReader) {
        guard let path = reader.table.text("file") else { return nil }
        self.path = path
        columns = reader.table.table("csv").map { Columns(CheckedReader($0)) }
    }
}
