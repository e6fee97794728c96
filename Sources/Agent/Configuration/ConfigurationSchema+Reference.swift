extension ConfigurationSchema {
    /// The table of all keys in `docs/configuration.md`, as Markdown.
    public static func markdownReference() -> String {
        var text = ""
        for section in ConfigurationKeys.root.keys {
            text += "### `\(section.name)`\n\n\(section.documentation)\n\n| key | value | default | meaning |\n"
            text += "| --- | --- | --- | --- |\n"
            for (path, key) in ConfigurationKeys.described where isWithin(section.name, path) {
                text += "| `\(path)` | \(value(of: key)) | \(defaultText(of: key)) | \(key.documentation) |\n"
            }
            text += "\n"
        }
        return text
    }

    private static func isWithin(_ section: String, _ path: String) -> Bool {
        path.hasPrefix(section + ".") || path.hasPrefix(section + "[]")
    }

    private static func value(of key: ConfigurationKey) -> String {
        switch key.shape {
        case .table: "table"
        case .list(.table, _): "list of tables"
        default: key.shape.expectation
        }
    }

    private static func defaultText(of key: ConfigurationKey) -> String {
        if key.isRequired { return "**required**" }
        guard let text = key.defaultText, text != "{}" else { return "" }
        return "`\(text)`"
    }
}
