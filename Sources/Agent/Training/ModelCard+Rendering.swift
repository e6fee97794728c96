import Foundation

extension ModelCard {
    /// GitHub-flavoured Markdown, ending in a newline.
    func markdown() -> String {
        var lines = ["# \(Self.line(title))"]
        for (title, blocks) in sections {
            lines += ["", "## \(title)"]
            for block in blocks {
                if case .pictures = block { continue }
                lines.append("")
                switch block {
                case .pictures: break
                case .text(let text): lines.append(Self.line(text))
                case .list(let items): lines += items.map { "- \(Self.line($0))" }
                case .table(let header, let rows):
                    lines.append(Self.row(header))
                    lines.append(Self.row(header.map { _ in "---" }))
                    lines += rows.map(Self.row)
                }
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func row(_ cells: [String]) -> String {
        "| " + cells.map { line($0).replacingOccurrences(of: "|", with: "\\|") }.joined(separator: " | ") + " |"
    }

    /// One line, in which nothing of a name is read as HTML.
    private static func line(_ text: String) -> String {
        ComparisonFormat.printable(text).replacingOccurrences(of: "&", with: "&amp;")
            .replacingOccurrences(of: "<", with: "&lt;")
    }

    /// One page that needs nothing else: style and pictures are inside, and no script. Well-formed XML.
    func html() -> String {
        var body = "<h1>\(ComparisonFormat.escaped(title))</h1>\n"
        for (title, blocks) in sections {
            body += "<h2>\(ComparisonFormat.escaped(title))</h2>\n"
            for block in blocks { body += Self.html(block) }
        }
        return HTMLPage.render(title: title, style: MetricsPage.style, body: body)
    }

    private static func html(_ block: Block) -> String {
        switch block {
        case .text(let text): return "<p>\(ComparisonFormat.escaped(text))</p>\n"
        case .list(let items):
            return "<ul>" + items.map { "<li>\(ComparisonFormat.escaped($0))</li>" }.joined() + "</ul>\n"
        case .pictures(let pictures):
            let figures = pictures.map { name, picture in
                "<figure><figcaption>\(ComparisonFormat.escaped(name))</figcaption>\(picture)</figure>"
            }
            return "<div class=\"charts\">\(figures.joined(separator: "\n"))</div>\n"
        case .table(let header, let rows):
            func cells(_ row: [String], _ tag: String) -> String {
                "<tr>" + row.map { "<\(tag)>\(ComparisonFormat.escaped($0))</\(tag)>" }.joined() + "</tr>"
            }
            return "<table>" + cells(header, "th") + rows.map { cells($0, "td") }.joined(separator: "\n") + "</table>\n"
        }
    }
}
