/// The frame of every page that a command writes: complete in itself, well-formed XML.
enum HTMLPage {
    /// - Parameters:
    ///   - title: plain text.
    ///   - style: CSS.
    ///   - body: what stands between the tags of the body.
    /// - Returns: the page, ending in a newline.
    static func render(title: String, style: String, body: String) -> String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <title>\(ComparisonFormat.escaped(title))</title>
        <style>\(style)</style>
        </head>
        <body>
        \(body)
        </body>
        </html>

        """
    }
}
