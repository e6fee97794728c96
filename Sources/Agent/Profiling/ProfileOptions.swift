/// What `tidewatch profile` was asked.
public struct ProfileOptions: Sendable {
    public var path: String
    /// The column to be predicted.
    public var target: String?
    /// The column that gives the rows their time.
    public var time: String?
    /// text, json or html; `nil` to go by the name of the output.
    public var format: String?
    public var outputPath: String?
    public var isQuiet: Bool

    public init(
        path: String, target: String? = nil, time: String? = nil, format: String? = nil, outputPath: String? = nil,
        isQuiet: Bool = false
    ) {
        self.path = path
        self.target = target
        self.time = time
        self.format = format
        self.outputPath = outputPath
        self.isQuiet = isQuiet
    }

    /// `--output report.html` is a page without a word about the format.
    var chosenFormat: String {
        if let format { return format }
        let name = outputPath?.lowercased() ?? ""
        if name.hasSuffix(".html") || name.hasSuffix(".htm") { return "html" }
        return name.hasSuffix(".json") ? "json" : "text"
    }
}
