import { Alert } from '@mantine/core'
import { Component, type ReactNode } from 'react'

/** A page that breaks says so, and leaves the others usable. Give it the path as key: going elsewhere starts anew. */
export class Mishap extends Component<{ children: ReactNode }, { message: string | undefined }> {
  override state = { message: undefined }

  static getDerivedStateFromError(error: unknown) {
    return { message: error instanceof Error ? error.message : String(error) }
  }

  override render() {
    const { message } = this.state
    if (message === undefined) return this.props.children
    return (
      <Alert color="red" variant="outline" title="This page broke">
        {message}
      </Alert>
    )
  }
}
